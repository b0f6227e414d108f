//! What `validate` makes of its simulations: verdicts on published months, as files and on standard output.

use std::io::{self, Write};

use portflow::experiment::Responses;
use portflow::experiment::validation::{
    AreaRow, Areas, Draws, Families, FamilyRow, Validation, Verdicts, judge,
};
use portflow::report::sweep::Swept;
use portflow::report::validation::{self, Validated};
use portflow::store::{ResultsDir, files};

use portflow::scenario::Posterior;

use crate::cli::args::input::Format;
use crate::cli::study::at_points::Told;
use crate::cli::validate::threshold::{Gate, Threshold};

/// Judges what the simulations came to.
pub(crate) struct Judge {
    pub(crate) validation: Validation,
    pub(crate) draws: Draws,
    pub(crate) areas: Option<Areas>,
    pub(crate) families: Option<Families>,
    /// What the errors and skills must keep.
    pub(crate) thresholds: Vec<Threshold>,
}

/// How it was judged.
pub(crate) struct Judged {
    verdicts: Verdicts,
    /// Empty unless asked for, as families are.
    areas: Vec<AreaRow>,
    families: Vec<FamilyRow>,
    /// Whether every draw was simulated.
    is_whole: bool,
}

impl Judge {
    /// The thresholds, tried once every draw is simulated.
    pub(crate) fn gate(&self, judged: &Judged) -> Gate {
        if !judged.is_whole {
            return Gate::default();
        }
        Gate::new(&self.thresholds, |threshold| {
            threshold.passed(&judged.verdicts, &self.validation.known)
        })
    }

    /// What is said of simple forecasts that thresholds could not be held against.
    pub(crate) fn unasked(&self, judged: &Judged) -> Vec<String> {
        let thresholds = self.thresholds.iter().filter(|_| judged.is_whole);
        let unasked = thresholds.filter_map(|threshold| threshold.unasked(&judged.verdicts));
        unasked.collect()
    }

    fn validated<'a>(&'a self, judged: &'a Judged, swept: &Swept<'a>) -> Validated<'a> {
        Validated {
            manifest: swept.manifest,
            known: &self.validation.known,
            events: &self.validation.events,
            verdicts: &judged.verdicts,
            areas: &judged.areas,
            families: &judged.families,
        }
    }
}

impl Told for Judge {
    type Made = Judged;

    fn posterior(&self) -> Option<&Posterior> {
        self.draws.posterior.as_ref()
    }

    fn made(&self, responses: &Responses) -> Judged {
        let share = responses.layout().level.share();
        let verdicts = judge(&self.validation, &self.draws, responses, share);
        let areas = self.areas.as_ref();
        let areas = areas.map(|areas| areas.judge(&self.draws, responses));
        let families = self.families.as_ref();
        let families = families.map(|families| families.judge(&self.draws, responses));
        Judged {
            verdicts,
            areas: areas.unwrap_or_default(),
            families: families.unwrap_or_default(),
            is_whole: responses.points() == responses.layout().points.len(),
        }
    }

    fn write(&self, judged: &Judged, swept: &Swept<'_>, directory: &ResultsDir) -> io::Result<()> {
        let validated = self.validated(judged, swept);
        directory.write(files::VALIDATION, |to| {
            validation::validation(&validated, to)
        })?;
        directory.write(files::SCORES, |to| validation::scores(&validated, to))?;
        directory.write(files::SKILL, |to| validation::skills(&validated, to))?;
        directory.write(files::PORTS_EXCEED, |to| {
            validation::ports_exceed(&validated, to)
        })?;
        if self.areas.is_some() {
            directory.write(files::AREAS, |to| validation::areas(&validated, to))?;
        }
        if self.families.is_some() {
            directory.write(files::FAMILIES, |to| validation::families(&validated, to))?;
        }
        self.gate(judged).write(directory)
    }

    fn print(
        &self,
        judged: &Judged,
        swept: &Swept<'_>,
        format: Format,
        to: &mut dyn Write,
    ) -> io::Result<()> {
        let validated = self.validated(judged, swept);
        match format {
            Format::Table => validation::table(&validated, to),
            Format::Json => validation::document(&validated, to),
            Format::Csv => validation::validation(&validated, to),
        }
    }
}
