//! Daily counts of persons, by group, region and port.

use crate::scenario::values::Region;

/// What is counted each day, in persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// Appointments moved to another date or port by policy.
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
    pub const ALL: [Self; 24] = [
        Self::Arrivals,
        Self::Registrations,
        Self::Requests,
        Self::AppointmentsIssued,
        Self::AppointmentsProcessed,
        Self::NoShows,
        Self::AppointmentsMissed,
        Self::AppointmentsCancelled,
        Self::AppointmentsMoved,
        Self::WalkUpsProcessed,
        Self::WalkUpsTurnedAway,
        Self::CrossingAttempts,
        Self::IrregularEncounters,
        Self::Gotaways,
        Self::Repeats,
        Self::Released,
        Self::Removed,
        Self::Returned,
        Self::Paroled,
        Self::Repatriated,
        Self::Transferred,
        Self::Intercepted,
        Self::LawfulAlternatives,
        Self::GaveUp,
    ];

    /// The word used in files and results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Arrivals => "arrivals",
            Self::Registrations => "registrations",
            Self::Requests => "requests",
            Self::AppointmentsIssued => "appointments_issued",
            Self::AppointmentsProcessed => "appointments_processed",
            Self::NoShows => "no_shows",
            Self::AppointmentsMissed => "appointments_missed",
            Self::AppointmentsCancelled => "appointments_cancelled",
            Self::AppointmentsMoved => "appointments_moved",
            Self::WalkUpsProcessed => "walk_ups_processed",
            Self::WalkUpsTurnedAway => "walk_ups_turned_away",
            Self::CrossingAttempts => "crossing_attempts",
            Self::IrregularEncounters => "irregular_encounters",
            Self::Gotaways => "gotaways",
            Self::Repeats => "repeats",
            Self::Released => "released",
            Self::Removed => "removed",
            Self::Returned => "returned",
            Self::Paroled => "paroled",
            Self::Repatriated => "repatriated",
            Self::Transferred => "transferred",
            Self::Intercepted => "intercepted",
            Self::LawfulAlternatives => "lawful_alternatives",
            Self::GaveUp => "gave_up",
        }
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

/// Where a count happens, beside the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// In a region.
    Region(Region),
    /// At the port of this index.
    Port(u8),
    /// Nowhere that matters.
    Anywhere,
}
