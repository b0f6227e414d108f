//! Why a replication cannot go on.

/// Why a replication cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Persons were lost or made.
    #[error(
        "the ledger of day {day} does not balance: {imbalance} persons arrived and are in no account; this is a fault of portflow, please report it"
    )]
    Imbalance {
        /// Day of the run, warm-up included.
        day: u32,
        /// Persons missing; negative, too many.
        imbalance: i64,
    },
    /// An account of the ledger differs from a count of the living.
    #[error(
        "the ledger of day {day} has {account} persons in state {state} where {counted} are; this is a fault of portflow, please report it"
    )]
    Recount {
        /// Day of the run, warm-up included.
        day: u32,
        /// Name of the state.
        state: &'static str,
        /// Persons in the account.
        account: u64,
        /// Persons counted.
        counted: u64,
    },
    /// A party does the same again and again, more often than is counted.
    #[error(
        "by day {day} a party of `{group}` has done the same more often than is counted (crossed, travelled, been given an appointment or lost the app 255 times, or decided 65,535 times): its luck would come again; look for what sends people round in circles with hardly a delay, such as `world.irregular.repeat_after_return_share` = 1 where nobody is released, `mexico.attempt_interception` or `mexico.journey_interception` near 1, or a tiny `world.behaviour.reconsideration_mean_days`"
    )]
    Endless {
        /// Day of the run, warm-up included.
        day: u32,
        /// Id of its group.
        group: String,
    },
}
