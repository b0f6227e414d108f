//! Values as a journal keeps them: most are whole numbers or missing, which take a few bytes instead of nine.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value, exactly.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum Packed {
    Missing,
    Whole(i64),
    Real(f64),
}

impl Packed {
    fn of(value: Option<f64>) -> Self {
        let Some(value) = value else {
            return Self::Missing;
        };
        let whole = value as i64;
        // -0, infinities and what is beyond 2^53 are not such numbers.
        if (whole as f64).to_bits() == value.to_bits() {
            Self::Whole(whole)
        } else {
            Self::Real(value)
        }
    }

    fn value(self) -> Option<f64> {
        match self {
            Self::Missing => None,
            Self::Whole(whole) => Some(whole as f64),
            Self::Real(real) => Some(real),
        }
    }
}

pub(super) fn serialize<S: Serializer>(
    values: &[Option<f64>],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().copied().map(Packed::of))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<Option<f64>>, D::Error> {
    let packed = Vec::<Packed>::deserialize(deserializer)?;
    Ok(packed.into_iter().map(Packed::value).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_to_the_bit() {
        let values = [
            0.0,
            -0.0,
            1.5,
            -47_500.0,
            f64::MAX,
            f64::NEG_INFINITY,
            9_007_199_254_740_993.0,
            1e-300,
        ];
        for value in values {
            let back = Packed::of(Some(value)).value().unwrap();
            assert_eq!(back.to_bits(), value.to_bits(), "{value}");
        }
        assert_eq!(Packed::of(None).value(), None);
    }
}
