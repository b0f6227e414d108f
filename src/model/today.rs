//! What has happened today: what people and triggers see of it at midnight.

/// Tallies of a day. \[persons\]
#[derive(Debug)]
pub(crate) struct Today {
    /// Encounters between ports, and those of them not released, by group.
    pub(crate) encounters: Vec<(u32, u32)>,
    pub(crate) port_encounters: u32,
    pub(crate) issued: u32,
    pub(crate) registered: u32,
}

impl Today {
    /// Nothing yet, for so many groups.
    pub(crate) fn new(groups: usize) -> Self {
        Self {
            encounters: vec![(0, 0); groups],
            port_encounters: 0,
            issued: 0,
            registered: 0,
        }
    }

    /// Encounters between ports of all groups.
    pub(crate) fn irregular(&self) -> u32 {
        self.encounters.iter().map(|&(all, _)| all).sum()
    }

    /// Begins another day.
    pub(crate) fn begin(&mut self) {
        self.encounters.fill((0, 0));
        self.port_encounters = 0;
        self.issued = 0;
        self.registered = 0;
    }
}
