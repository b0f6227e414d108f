//! Numbers that people write alone or in percent.

/// A number as it was written: `5%`, or `0.05`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Amount {
    /// In percent; here as a share.
    Percent(f64),
    /// Alone.
    Plain(f64),
}

impl Amount {
    /// Reads a finite number, with blanks around it or not; `None` where it is none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let number = |text: &str| {
            let number = text.trim().parse::<f64>().ok();
            number.filter(|number| number.is_finite())
        };
        match text.trim().strip_suffix('%') {
            Some(percent) => Some(Self::Percent(number(percent)? / 100.0)),
            None => Some(Self::Plain(number(text)?)),
        }
    }

    /// The share that it is, where both ways to write it mean one.
    #[must_use]
    pub const fn share(self) -> f64 {
        match self {
            Self::Percent(share) | Self::Plain(share) => share,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_alone_or_in_percent_with_blanks_or_without() {
        for text in ["5%", " 5 % ", "5.0%"] {
            assert_eq!(Amount::read(text), Some(Amount::Percent(0.05)));
        }
        assert_eq!(Amount::read(" 0.05"), Some(Amount::Plain(0.05)));
        for text in ["", "%", "five", "5%%", "NaN", "inf%", "1,000"] {
            assert_eq!(Amount::read(text), None, "{text}");
        }
    }
}
