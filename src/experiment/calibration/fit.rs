//! A calibration as tasks: a replication of a point of a wave each.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use super::designs::{self, Design, Designs};
use super::figures::{self, OtherFigure, TargetFigure};
use super::runs::PointRuns;
use super::settings::{CalibrationError, Settings};
use super::surfaces;
use crate::experiment::PointOutcome;
use crate::experiment::futures;
use crate::experiment::points::ready::{self, Ready};
use crate::experiment::points::recent::Recent;
use crate::experiment::tasks::Tasks;
use crate::experiment::{FailedPoint, Failure};
use crate::record::{Detail, Layout};
use crate::scenario::calibrate::Target;
use crate::scenario::run::Run;
use crate::scenario::{Calibration, Loaded};

/// A calibration, ready to be made.
///
/// Tasks may be done on any threads as long as each is begun after those before it: the first of a wave waits for the waves before.
pub struct Fit {
    loaded: Loaded,
    published: Published,
    settings: Settings,
    given: Vec<PointRuns>,
    designs: Designs,
    recent: Recent<Task, Result<Ready, String>>,
}

/// Which task is which: waves are outermost, then points, then replications.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Task {
    wave: u32,
    point: u32,
    replication: u32,
}

/// What a scenario says is to be fitted, and what is published of it.
struct Published {
    calibration: Calibration,
    figures: Vec<TargetFigure>,
    /// Names of published figures of 0.
    left_out: Vec<String>,
    /// Columns of targets that count and are published only after their months.
    later: Vec<String>,
    others: Vec<OtherFigure>,
}

impl Published {
    fn of(loaded: &Loaded) -> Result<Self, CalibrationError> {
        let mut calibration = loaded
            .calibration
            .clone()
            .ok_or(CalibrationError::NoTable)?;
        if calibration.parameters.is_empty() {
            return Err(CalibrationError::NoParameters);
        }
        if calibration.targets.is_empty() {
            return Err(CalibrationError::NoTargets);
        }
        check_windows(&calibration, &loaded.scenario.run)?;
        let observed = loaded.scenario.observed.as_ref();
        let observed = observed.ok_or(CalibrationError::NoObserved)?;
        // A column that begins after a window that was cut short is no mistake; one that is never published is.
        let later = figures::published_later(&calibration, observed);
        let is_later = |target: &Target| later.contains(&target.column);
        let missed: Vec<String> = (calibration.targets.iter())
            .filter(|target| is_later(target) && target.weight > 0.0)
            .map(|target| target.column.clone())
            .collect();
        calibration.targets.retain(|target| !is_later(target));
        if calibration.targets.is_empty() {
            return Err(CalibrationError::NothingPublished {
                from: calibration.from.to_string(),
                to: calibration.to.to_string(),
            });
        }
        let (figures, left_out) = figures::of(&calibration, observed, loaded)?;
        let counts = |figure: &TargetFigure| calibration.targets[figure.target].weight > 0.0;
        if !figures.iter().any(counts) {
            return Err(CalibrationError::NothingAboveZero {
                from: calibration.from.to_string(),
                to: calibration.to.to_string(),
            });
        }
        let layout = Layout::of(&loaded.scenario, Detail::Summary);
        for figure in &figures {
            layout.select(&figure.name)?;
        }
        let others = figures::others(&figures, observed, loaded, &layout);
        Ok(Self {
            calibration,
            figures,
            left_out,
            later: missed,
            others,
        })
    }
}

impl Fit {
    /// Nothing has been simulated yet.
    ///
    /// # Errors
    /// What stands against it: [`CalibrationError`].
    pub fn new(loaded: &Loaded, settings: Settings) -> Result<Self, CalibrationError> {
        let published = Published::of(loaded)?;
        settings.check()?;
        Ok(Self {
            designs: Designs::new(&settings),
            loaded: loaded.clone(),
            published,
            settings,
            given: Vec::new(),
            recent: Recent::default(),
        })
    }

    /// Whether a scenario says what is to be fitted, and enough is published of it, however the fit is made.
    ///
    /// # Errors
    /// What stands against it: [`CalibrationError`].
    pub fn check_data(loaded: &Loaded) -> Result<(), CalibrationError> {
        Published::of(loaded).map(|_| ())
    }

    /// The same with the runs of an earlier calibration, by ascending waves, as its first points, so that fewer waves do.
    #[must_use]
    pub fn with_runs(self, given: Vec<PointRuns>) -> Self {
        Self { given, ..self }
    }

    /// Simulates every point, without a journal.
    ///
    /// # Errors
    /// What [`Fit::check`] finds, or a simulation that failed.
    pub fn simulate(
        &self,
        threads: NonZeroUsize,
        stopped: &(dyn Fn() -> bool + Sync),
    ) -> Result<(), CalibrationError> {
        self.check()?;
        let tasks = Tasks {
            range: 0..self.points() * self.settings.replications,
            threads,
            stopped,
            journal: None,
        };
        let done = tasks.perform(
            |task| self.perform(task),
            |task, outcome| {
                self.take(task, &outcome);
                Ok(ControlFlow::Continue(()))
            },
        );
        done.map_err(|error| CalibrationError::Failed(error.to_string()))?;
        Ok(())
    }

    /// Whether there is something to begin with.
    ///
    /// # Errors
    /// There is neither a wave nor a run, or fewer points than the surfaces need; or the numbers of the runs cannot be counted on from.
    pub fn check(&self) -> Result<(), CalibrationError> {
        if self.settings.waves == 0 && self.given.is_empty() {
            return Err(CalibrationError::NoWave);
        }
        let parameters = self.calibration().parameters.len() as u32;
        let needed = surfaces::points_needed(parameters as usize) as u32;
        let given = self.given.len() as u32;
        let points = self.settings.points.get();
        if self.given.iter().any(|run| self.counted_on(run).is_none()) {
            let message = "the numbers of its waves or replications leave no room for more";
            return Err(CalibrationError::OtherRuns(message.to_owned()));
        }
        if given > 0 && given < needed {
            return Err(CalibrationError::FewRuns {
                given,
                parameters,
                needed,
            });
        }
        if given == 0 && points < needed {
            return Err(CalibrationError::FewPoints {
                points,
                parameters,
                needed,
            });
        }
        Ok(())
    }

    /// The scenario.
    #[must_use]
    pub fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    /// What is fitted, and to what.
    #[must_use]
    pub fn calibration(&self) -> &Calibration {
        &self.published.calibration
    }

    /// The published figures that are fitted to.
    #[must_use]
    pub fn figures(&self) -> &[TargetFigure] {
        &self.published.figures
    }

    /// The figures that are kept beside them, in the order in which they follow them in the runs.
    #[must_use]
    pub fn others(&self) -> &[OtherFigure] {
        &self.published.others
    }

    /// Headings of all figures in files, those fitted to first.
    #[must_use]
    pub fn headings(&self) -> Vec<String> {
        let fitted = self.figures().iter().map(TargetFigure::heading);
        let others = self.others().iter().map(OtherFigure::heading);
        fitted.chain(others).collect()
    }

    /// Names of published figures of 0, which have no logarithm.
    #[must_use]
    pub fn left_out(&self) -> &[String] {
        &self.published.left_out
    }

    /// Columns of targets that count and are published in none of their months, only in later ones: they are not fitted to.
    #[must_use]
    pub fn published_later(&self) -> &[String] {
        &self.published.later
    }

    /// Waves, points, replications.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Points of all waves, the draws with them.
    #[must_use]
    pub fn points(&self) -> u32 {
        self.settings.waves * self.settings.points.get() + self.settings.draws.get()
    }

    /// Does a task.
    #[must_use]
    pub fn perform(&self, number: u32) -> PointOutcome {
        let task = self.task(number);
        let outcome = match self.design(task.wave) {
            Ok(design) => self.simulated(task, &design.points[task.point as usize]),
            Err(reason) => PointOutcome::Refused(reason.clone()),
        };
        self.designs.record(number, &outcome);
        outcome
    }

    /// Whether what a task came to, which may be of a journal from elsewhere, is of the figures that are kept.
    #[must_use]
    pub fn fits(&self, outcome: &PointOutcome) -> bool {
        outcome.is_of(self.figures().len() + self.others().len())
    }

    /// Keeps what a task came to, of a journal or of [`perform`](Self::perform).
    pub fn take(&self, task: u32, outcome: &PointOutcome) {
        self.designs.record(task, outcome);
    }

    /// Why a task failed, and what reproduces it; a point that is refused is one failure, not one for each replication, and so is a
    /// wave that has no points.
    #[must_use]
    pub fn failure(&self, number: u32, outcome: &PointOutcome) -> Option<Failure> {
        let task = self.task(number);
        let (reason, is_refused) = match outcome {
            PointOutcome::Done(_) => return None,
            PointOutcome::Refused(_) if task.replication > 0 => return None,
            PointOutcome::Refused(reason) => (reason, true),
            PointOutcome::Failed(reason) => (reason, false),
        };
        let seed = self.settings.seed;
        let replication = self.first_replication(task.wave) + task.replication;
        let values = match self.design(task.wave) {
            Ok(design) => self
                .calibration()
                .values(&design.points[task.point as usize]),
            Err(_) if task.point > 0 => return None,
            Err(_) => Vec::new(),
        };
        Some(Failure {
            seed,
            replication,
            reason: reason.clone(),
            at: Some(FailedPoint {
                point: number / self.settings.replications,
                future: None,
                is_refused,
            }),
            command: futures::command(&self.loaded, &values, seed, replication),
        })
    }

    /// What failed of the tasks done, and what reproduces it.
    #[must_use]
    pub fn failures(&self) -> Vec<Failure> {
        self.failures_of(|_| true)
    }

    /// The same without the waves that have no points.
    #[must_use]
    pub fn failures_of_points(&self) -> Vec<Failure> {
        self.failures_of(|task| self.design(task.wave).is_ok())
    }

    fn failures_of(&self, told: impl Fn(Task) -> bool) -> Vec<Failure> {
        let records = self.designs.recorded();
        let outcomes = (0..).zip(&records);
        outcomes
            .filter(|&(number, _)| told(self.task(number)))
            .filter_map(|(number, outcome)| self.failure(number, outcome))
            .collect()
    }

    /// The runs of all points that are done and came to something in every replication: those given first.
    #[must_use]
    pub fn runs(&self) -> Vec<PointRuns> {
        let mut runs = self.given.clone();
        runs.extend(self.runs_of(&self.designs.recorded()));
        runs
    }

    /// Number of points done that the surfaces do not rest on: those that failed, lack a figure in some replication, or have one at 0.
    #[must_use]
    pub fn lost_points(&self) -> usize {
        let records = self.designs.recorded();
        let done = records.len() / self.settings.replications as usize;
        let runs = self.runs_of(&records);
        let kept = (runs.iter()).filter(|run| run.logarithms(self.figures().len()).is_some());
        done - kept.count()
    }

    /// The draws of the posterior, all simulated.
    pub(super) fn drawn(&self) -> Result<&Design, CalibrationError> {
        let records = self.designs.recorded();
        if (records.len() as u32) < self.points() * self.settings.replications {
            return Err(CalibrationError::Stopped);
        }
        (self.design(self.settings.waves).as_ref())
            .map_err(|reason| CalibrationError::Failed(reason.clone()))
    }

    fn task(&self, number: u32) -> Task {
        let Settings {
            waves,
            points,
            replications,
            ..
        } = self.settings;
        let point = number / replications;
        let wave = (point / points).min(waves);
        Task {
            wave,
            point: point - wave * points.get(),
            replication: number % replications,
        }
    }

    /// The design of a wave, made of the records of those before it.
    fn design(&self, wave: u32) -> &Result<Design, String> {
        let parameters = self.calibration().parameters.len();
        let Settings {
            waves,
            points,
            replications,
            draws,
            seed,
            sampling,
        } = self.settings;
        self.designs.of(wave, || {
            if wave == 0 && self.given.is_empty() {
                return Ok(Design {
                    points: designs::of_prior(parameters, points.get(), seed),
                    proposal: None,
                });
            }
            if wave > 0 {
                // One that has no points has said so.
                self.design(wave - 1).as_ref().map_err(Clone::clone)?;
            }
            let before = wave * points.get() * replications;
            let mut runs = self.given.clone();
            runs.extend(self.runs_of(&self.designs.wait_for(0..before)));
            let (sampling, number) = if wave == waves {
                (sampling.for_results(), draws)
            } else {
                (sampling, points)
            };
            designs::of_posterior(
                &runs,
                self.figures(),
                self.calibration(),
                seed,
                &sampling,
                number.get(),
                self.number(wave),
            )
        })
    }

    /// The number of the last wave, the draws of the posterior, among all that its surfaces rest on.
    pub(super) fn last_wave(&self) -> u32 {
        self.number(self.settings.waves)
    }

    /// The number of a wave among all that its surfaces rest on, those of the runs given before it.
    fn number(&self, wave: u32) -> u32 {
        wave + self.given.iter().map(|run| run.wave + 1).max().unwrap_or(0)
    }

    /// The wave and the replication after all that are to come, counted on from those of runs given; `None` where there are no such numbers.
    fn counted_on(&self, run: &PointRuns) -> Option<(u32, u32)> {
        let more = self.settings.waves.checked_add(1)?;
        let wave = run.wave.checked_add(1)?.checked_add(more)?;
        let replication = run
            .first
            .checked_add(u32::try_from(run.values.len()).ok()?)?;
        let replication = replication.checked_add(more.checked_mul(self.settings.replications)?)?;
        Some((wave, replication))
    }

    /// Replications of a wave begin after those of the waves before it and of the runs given.
    fn first_replication(&self, wave: u32) -> u32 {
        let given = self.given.iter();
        let given = given.map(|run| run.first + run.values.len() as u32);
        given.max().unwrap_or(0) + wave * self.settings.replications
    }

    /// The runs of the points whose replications all came to something.
    fn runs_of(&self, records: &[PointOutcome]) -> Vec<PointRuns> {
        let replications = self.settings.replications;
        let points = (0..).zip(records.chunks_exact(replications as usize));
        points
            .filter_map(|(point, records)| {
                let values = records.iter().map(|record| match record {
                    PointOutcome::Done(observed) => observed.values.iter().copied().collect(),
                    PointOutcome::Refused(_) | PointOutcome::Failed(_) => None,
                });
                let task = self.task(point * replications);
                let design = self.design(task.wave).as_ref().ok()?;
                Some(PointRuns {
                    wave: self.number(task.wave),
                    point: task.point,
                    first: self.first_replication(task.wave),
                    z: design.points[task.point as usize].clone(),
                    values: values.collect::<Option<_>>()?,
                })
            })
            .collect()
    }

    fn simulated(&self, task: Task, z: &[f64]) -> PointOutcome {
        let of_point = Task {
            replication: 0,
            ..task
        };
        let slot = self.recent.slot(of_point);
        let replication = self.first_replication(task.wave) + task.replication;
        ready::simulated(&slot, || self.load(z), self.settings.seed, replication)
    }

    fn load(&self, z: &[f64]) -> Result<Ready, String> {
        let scenario = futures::load(&self.loaded, &self.calibration().values(z))?.scenario;
        let fitted = self.figures().iter().map(|figure| figure.name.as_str());
        let others = self.others().iter().map(|figure| figure.name.as_str());
        Ready::of(scenario, fitted.chain(others), &[])
    }
}

/// Whether every window that is fitted to lies in the run.
fn check_windows(calibration: &Calibration, run: &Run) -> Result<(), CalibrationError> {
    if calibration.from < run.start {
        return Err(CalibrationError::BeforeStart {
            from: calibration.from.to_string(),
            start: run.start.to_string(),
        });
    }
    let of_targets = calibration.targets.iter().filter_map(|target| {
        let key = format!("calibrate.targets.{}.to", target.column);
        Some((target.to?, key))
    });
    let whole = (calibration.to, "calibrate.to".to_owned());
    let mut windows = std::iter::once(whole).chain(of_targets);
    match windows.find(|&(to, _)| to > run.end) {
        Some((to, key)) => Err(CalibrationError::AfterEnd {
            key,
            to: to.to_string(),
            end: run.end.to_string(),
        }),
        None => Ok(()),
    }
}
