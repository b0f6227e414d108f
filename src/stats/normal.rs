//! The quantile function of the normal distribution.

#![expect(
    clippy::excessive_precision,
    reason = "the coefficients have the digits of the paper"
)]

/// Value below which a standard normal number lies with probability `p`, 0 < p < 1; relative error about 10^-16.
///
/// Wichura (1988), "Algorithm AS 241: the percentage points of the normal distribution", function PPND16,
/// doi:10.2307/2347330.
pub(crate) fn quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.425 * 0.425 - q * q;
        return q * polynomial(&A, r) / polynomial(&B, r);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = libm::sqrt(-libm::log(tail));
    let magnitude = if r <= 5.0 {
        polynomial(&C, r - 1.6) / polynomial(&D, r - 1.6)
    } else {
        polynomial(&E, r - 5.0) / polynomial(&F, r - 5.0)
    };
    magnitude.copysign(q)
}

/// Value of a polynomial, coefficients from the constant term up, by Estrin's scheme: halves, quarters and eighths do not wait
/// for each other as the steps of Horner's rule do.
#[inline]
fn polynomial(coefficients: &[f64; 8], x: f64) -> f64 {
    let pair = |i: usize| coefficients[i] + coefficients[i + 1] * x;
    let square = x * x;
    let lower = pair(0) + pair(2) * square;
    let upper = pair(4) + pair(6) * square;
    lower + upper * (square * square)
}

// Numerator and denominator near the median, ...
const A: [f64; 8] = [
    3.387_132_872_796_366_608,
    133.141_667_891_784_377_45,
    1_971.590_950_306_551_442_7,
    13_731.693_765_509_461_125,
    45_921.953_931_549_871_457,
    67_265.770_927_008_700_853,
    33_430.575_583_588_128_105,
    2_509.080_928_730_122_672_7,
];
const B: [f64; 8] = [
    1.0,
    42.313_330_701_600_911_252,
    687.187_007_492_057_908_3,
    5_394.196_021_424_751_107_7,
    21_213.794_301_586_595_867,
    39_307.895_800_092_710_61,
    28_729.085_735_721_942_674,
    5_226.495_278_852_854_561,
];
// ... in the tails, ...
const C: [f64; 8] = [
    1.423_437_110_749_683_577_34,
    4.630_337_846_156_545_295_9,
    5.769_497_221_460_691_405_5,
    3.647_848_324_763_204_605_04,
    1.270_458_252_452_368_382_58,
    0.241_780_725_177_450_611_77,
    0.022_723_844_989_269_184_583_3,
    7.745_450_142_783_414_076_4e-4,
];
const D: [f64; 8] = [
    1.0,
    2.053_191_626_637_758_821_87,
    1.676_384_830_183_803_849_4,
    0.689_767_334_985_100_004_55,
    0.148_103_976_427_480_074_59,
    0.015_198_666_563_616_457_196_6,
    5.475_938_084_995_344_946e-4,
    1.050_750_071_644_416_843_24e-9,
];
// ... and beyond the probability e^-25.
const E: [f64; 8] = [
    6.657_904_643_501_103_777_2,
    5.463_784_911_164_114_369_9,
    1.784_826_539_917_291_335_8,
    0.296_560_571_828_504_891_23,
    0.026_532_189_526_576_123_093,
    1.242_660_947_388_078_438_6e-3,
    2.711_555_568_743_487_578_15e-5,
    2.010_334_399_292_288_132_65e-7,
];
const F: [f64; 8] = [
    1.0,
    0.599_832_206_555_887_937_69,
    0.136_929_880_922_735_805_31,
    0.014_875_361_290_850_615_025,
    7.868_691_311_456_132_591e-4,
    1.846_318_317_510_054_681_8e-5,
    1.421_511_758_316_445_888_7e-7,
    2.044_263_103_389_939_785_64e-15,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "the same bits are meant")]
    fn the_quantiles_are_those_that_the_paper_gives_as_a_check() {
        for (p, expected) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
        ] {
            assert!(
                (quantile(p) / expected - 1.0).abs() < 1e-15,
                "{p}: {}",
                quantile(p)
            );
        }
        assert_eq!(quantile(0.5), 0.0);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "the same bits are meant")]
    fn the_quantile_grows_with_the_probability_and_is_symmetric() {
        // Steps of 2^-20, and steps of 2^-50 across the seams of the three approximations.
        let coarse = (1..1 << 20).map(|i| f64::from(i) / f64::from(1 << 20));
        let seams = [0.075, 0.925, libm::exp(-25.0), 1.0 - libm::exp(-25.0)];
        let fine = seams.map(|seam| {
            (-500..500).map(move |i| seam + f64::from(i) * seam.min(1.0 - seam) * 1e-12)
        });
        for grid in [coarse.collect::<Vec<_>>()]
            .into_iter()
            .chain(fine.map(Iterator::collect))
        {
            for pair in grid.windows(2) {
                assert!(quantile(pair[0]) <= quantile(pair[1]), "{pair:?}");
            }
        }
        let dyadic = |i: u32| f64::from(i) / f64::from(1 << 20);
        assert!((1..1 << 20).all(|i| quantile(dyadic(i)) == -quantile(1.0 - dyadic(i))));
    }
}
