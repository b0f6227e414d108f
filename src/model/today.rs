//! What has happened today: what people and triggers see of it at midnight, and the limit on consequences during the day.

use crate::record::Count;

/// Tallies of a day. \[persons\]
#[derive(Debug)]
pub(crate) struct Today {
    /// Encounters between ports, by group.
    pub(crate) encounters: Vec<Encounters>,
    pub(crate) port_encounters: u32,
    pub(crate) issued: u32,
    pub(crate) registered: u32,
    /// Places of the date that the round opened, which tell what part of them is issued. 0 where that says nothing of how fast slots are served: no
    /// date with places was opened, as where the lead time has been shortened, or nobody was waiting.
    pub(crate) places_opened: u32,
}

/// Encounters of a group between ports. \[persons\]
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Encounters {
    pub(crate) all: u32,
    pub(crate) not_released: u32,
}

impl Today {
    /// Nothing yet, for so many groups.
    pub(crate) fn new(groups: usize) -> Self {
        Self {
            encounters: vec![Encounters::default(); groups],
            port_encounters: 0,
            issued: 0,
            registered: 0,
            places_opened: 0,
        }
    }

    /// Takes in persons of a group that are counted, as far as anybody sees them.
    #[inline]
    pub(crate) fn take_in(&mut self, count: Count, group: u8, persons: u32) {
        let group = usize::from(group);
        match count {
            Count::Registrations => self.registered += persons,
            Count::AppointmentsIssued => self.issued += persons,
            Count::AppointmentsProcessed | Count::WalkUpsProcessed => {
                self.port_encounters += persons;
            }
            Count::IrregularEncounters => self.encounters[group].all += persons,
            Count::Removed | Count::Returned => self.encounters[group].not_released += persons,
            _ => {}
        }
    }

    /// Encounters between ports of all groups.
    pub(crate) fn irregular(&self) -> u32 {
        self.encounters.iter().map(|of_group| of_group.all).sum()
    }

    /// Begins another day.
    pub(crate) fn begin(&mut self) {
        self.encounters.fill(Encounters::default());
        self.port_encounters = 0;
        self.issued = 0;
        self.registered = 0;
        self.places_opened = 0;
    }
}
