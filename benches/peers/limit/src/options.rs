//! The command line that all programs share.

/// What to simulate.
pub struct Options {
    pub seed: u64,
    /// Factor of arrivals, slots and officers.
    pub scale: u32,
    pub days: u32,
    /// `--list`: which event list, where there is a choice.
    pub list: Option<String>,
}

impl Options {
    /// Reads `[--seed S] [--scale K] [--days D] [--list NAME]`.
    ///
    /// # Panics
    ///
    /// At anything else.
    #[must_use]
    pub fn of_command_line() -> Self {
        let mut options = Self {
            seed: 1,
            scale: 1,
            days: 365,
            list: None,
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(name) = arguments.next() {
            let value = arguments.next().expect("every option has a value");
            let number = || value.parse().expect("a whole number");
            match name.as_str() {
                "--seed" => options.seed = number(),
                "--scale" => options.scale = number() as u32,
                "--days" => options.days = number() as u32,
                "--list" => options.list = Some(value),
                _ => panic!("options: --seed S --scale K --days D --list NAME"),
            }
        }
        options
    }
}
