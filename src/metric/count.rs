//! What is counted each day.

use strum::{IntoStaticStr, VariantArray};

/// What is counted each day, in persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, VariantArray, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[repr(u8)]
pub enum Count {
    /// Arrivals, those present at the start not included.
    Arrivals,
    /// New registrations on the app; choosing it again at a clock ring, or after a missed or cancelled appointment, is none.
    Registrations,
    /// Askings in a round.
    Requests,
    /// Slots issued to parties that confirmed.
    AppointmentsIssued,
    /// Processed at a port with an appointment.
    AppointmentsProcessed,
    /// Appointments to which a party in reach of its port did not come.
    NoShows,
    /// Appointments missed on the way, or at a closed port.
    AppointmentsMissed,
    /// Appointments cancelled by policy.
    AppointmentsCancelled,
    /// Appointments moved to another date or port by policy; by port, at the new one.
    AppointmentsMoved,
    /// Processed at a port without an appointment.
    WalkUpsProcessed,
    /// Turned back at a port without having been processed.
    WalkUpsTurnedAway,
    /// Tries between ports.
    CrossingAttempts,
    /// Encounters between ports.
    IrregularEncounters,
    /// Attempts that ended without an encounter.
    Gotaways,
    /// Attempts after an earlier encounter.
    Repeats,
    /// Released after an irregular encounter.
    Released,
    /// Removed after an irregular encounter.
    Removed,
    /// Returned to Mexico after an irregular encounter.
    Returned,
    /// Paroled, or given a notice to appear, at a port.
    Paroled,
    /// Repatriated at a port.
    Repatriated,
    /// Transferred to detention or care at a port.
    Transferred,
    /// Intercepted by Mexican enforcement.
    Intercepted,
    /// Left for a lawful alternative before coming to the border.
    LawfulAlternatives,
    /// Given up, for whatever reason.
    GaveUp,
}

impl Count {
    /// Every count, in the order of results.
    pub const ALL: &'static [Self] = Self::VARIANTS;

    /// The word used in files and results.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether the count is kept by port.
    #[must_use]
    pub const fn has_ports(self) -> bool {
        matches!(
            self,
            Self::AppointmentsIssued
                | Self::AppointmentsProcessed
                | Self::NoShows
                | Self::AppointmentsMissed
                | Self::AppointmentsCancelled
                | Self::AppointmentsMoved
                | Self::WalkUpsProcessed
                | Self::WalkUpsTurnedAway
                | Self::Paroled
                | Self::Repatriated
                | Self::Transferred
        )
    }

    /// Whether the count is kept by region.
    #[must_use]
    pub const fn has_regions(self) -> bool {
        matches!(self, Self::Arrivals | Self::Registrations)
    }
}
