//! What the draws owe to the luck of their wave.

use std::collections::BTreeSet;

use super::designs::Surface;
use super::runs::PointRuns;
use crate::calibration::Likelihood;

/// The draws without the luck that they share.
pub(super) struct Unlucky<'l> {
    likelihood: &'l Likelihood,
    /// What is taken off the logarithm of each figure.
    luck: Vec<f64>,
    /// Variance of the error of each figure that is left.
    variances: Vec<f64>,
}

impl<'l> Unlucky<'l> {
    /// All draws of a wave are simulated on the same people, so that their figures lie off the surface, which rests on the people of the
    /// waves before, by a common offset d. Where single replications have the variance c in the logarithm, d has c/R of the draws' own
    /// luck, with R replications, c/(RW) of that of the W waves before, and whatever its mean square over the months of a column has
    /// beyond these is an error b of the surface. The expected figure is the surface's plus k d with
    /// k = (c/(RW) + b) / (c/R + c/(RW) + b), the best linear predictor, and k c/R is the variance that is left of its luck.
    pub(super) fn of(
        likelihood: &'l Likelihood,
        surface: &Surface,
        classes: &[usize],
        replications: u32,
        before: impl Iterator<Item = u32>,
        draws: &[(&PointRuns, Vec<f64>)],
    ) -> Self {
        let waves: BTreeSet<u32> = before.collect();
        let (waves, replications) = (waves.len().max(1) as f64, f64::from(replications));
        let targets = likelihood.targets();
        let mut offsets = vec![0.0; targets.len()];
        for (run, logarithms) in draws {
            let predicted = surface.emulator.predict(&run.z);
            for ((offset, simulated), predicted) in
                offsets.iter_mut().zip(logarithms).zip(predicted)
            {
                *offset += (simulated - predicted) / draws.len() as f64;
            }
        }
        // By column: what the offsets have beyond luck, and months.
        let columns = classes.iter().max().map_or(0, |most| most + 1);
        let mut beyond = vec![(0.0, 0.0); columns];
        for ((&class, offset), target) in classes.iter().zip(&offsets).zip(targets) {
            let luck = target.chance / replications * (1.0 + 1.0 / waves);
            let (sum, months) = &mut beyond[class];
            *sum += offset * offset - luck;
            *months += 1.0;
        }
        let kept = |(&class, chance): (&usize, f64)| {
            let (sum, months) = beyond[class];
            let error = (sum / months).max(0.0);
            let (own, of_surface) = (chance / replications, chance / (replications * waves));
            let all = own + of_surface + error;
            if all > 0.0 {
                (of_surface + error) / all
            } else {
                1.0
            }
        };
        let kept: Vec<f64> = (classes.iter().zip(targets))
            .map(|(class, target)| kept((class, target.chance)))
            .collect();
        let luck = offsets.iter().zip(&kept);
        let variance = |(target, kept): (&crate::calibration::Target, &f64)| {
            target.discrepancy * target.discrepancy + target.chance * (1.0 + kept / replications)
        };
        Self {
            luck: luck.map(|(offset, kept)| offset * (1.0 - kept)).collect(),
            variances: targets.iter().zip(&kept).map(variance).collect(),
            likelihood,
        }
    }

    /// Log likelihood of the simulated figures of a draw, by their logarithms.
    pub(super) fn log_likelihood(&self, logarithms: &[f64]) -> f64 {
        let expected = logarithms.iter().zip(&self.luck);
        let expected: Vec<f64> = expected.map(|(log, luck)| log - luck).collect();
        self.likelihood.with_variances(&expected, &self.variances)
    }
}
