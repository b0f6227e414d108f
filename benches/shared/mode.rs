//! Whether a bench measures, or only shows that it runs.

/// Whether each bench is to run once, as `cargo test --bench` and `cargo bench -- --test` want it: sizes that take long are left out.
pub(crate) fn is_trial() -> bool {
    let asked = |flag: &str| std::env::args().any(|argument| argument == flag);
    !asked("--bench") || asked("--test")
}
