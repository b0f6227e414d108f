//! The appointment reference with nexosim: one model that schedules its own inputs, on the executor with one thread.
//!
//! `nexosim-peer [--seed S] [--scale K] [--days D]` prints the answers as one line of JSON.

use std::time::Duration;

use nexosim::model::{BuildContext, Context, Model, ProtoModel, schedulable};
use nexosim::simulation::{Mailbox, SimInit, SimulationError};
use nexosim::time::MonotonicTime;
use serde::{Deserialize, Serialize};

use limit::border::{Border, DAY};
use limit::options::Options;

/// The library saves and restores models; what this one knows is in its environment, which is neither.
#[derive(Serialize, Deserialize)]
struct Reference;

/// A tick is a nanosecond of the library's clock.
fn time(moment: u64) -> MonotonicTime {
    MonotonicTime::EPOCH + Duration::from_nanos(moment)
}

fn now(cx: &Context<Reference>) -> u64 {
    let since = cx.time().duration_since(MonotonicTime::EPOCH);
    since.as_secs() * 1_000_000_000 + u64::from(since.subsec_nanos())
}

/// Whether an event at that moment is to be scheduled.
fn in_time(border: &Border, moment: u64) -> bool {
    moment < border.end()
}

const IN_FUTURE: &str = "what follows from an event is later";

#[Model(type Env = Border)]
impl Reference {
    #[nexosim(init)]
    async fn begin(&mut self, cx: &Context<Self>, border: &mut Border) {
        let first = border.gap();
        cx.schedule_event(time(first), schedulable!(Self::arrive), ())
            .expect(IN_FUTURE);
        // The first midnight has nobody to win; it is no event, since the library schedules nothing at once.
        border.midnight(0, |_, _, _| {});
        cx.schedule_event(time(DAY), schedulable!(Self::midnight), ())
            .expect(IN_FUTURE);
    }

    #[nexosim(schedulable)]
    async fn midnight(&mut self, (): (), cx: &Context<Self>, border: &mut Border) {
        let now = now(cx);
        if now == border.end() {
            border.print();
            return;
        }
        let end = border.end();
        border.midnight((now / DAY) as u32, |due, port, _| {
            if due < end {
                cx.schedule_event(time(due), schedulable!(Self::appear), port as u8)
                    .expect(IN_FUTURE);
            }
        });
        cx.schedule_event(time(now + DAY), schedulable!(Self::midnight), ())
            .expect(IN_FUTURE);
    }

    #[nexosim(schedulable)]
    async fn arrive(&mut self, (): (), cx: &Context<Self>, border: &mut Border) {
        let now = now(cx);
        let (party, leaves) = border.arrive(now);
        if in_time(border, leaves) {
            // A moment is never now but for a patience or a gap of less than a tick.
            cx.schedule_event(
                time(leaves.max(now + 1)),
                schedulable!(Self::lose_patience),
                party,
            )
            .expect(IN_FUTURE);
        }
        let next = (now + border.gap()).max(now + 1);
        if in_time(border, next) {
            cx.schedule_event(time(next), schedulable!(Self::arrive), ())
                .expect(IN_FUTURE);
        }
    }

    #[nexosim(schedulable)]
    async fn lose_patience(&mut self, party: u32, _: &Context<Self>, border: &mut Border) {
        border.cross(party);
    }

    #[nexosim(schedulable)]
    async fn appear(&mut self, port: u8, cx: &Context<Self>, border: &mut Border) {
        if let Some(ends) = border.appear(now(cx), usize::from(port))
            && in_time(border, ends)
        {
            cx.schedule_event(time(ends), schedulable!(Self::complete), port)
                .expect(IN_FUTURE);
        }
    }

    #[nexosim(schedulable)]
    async fn complete(&mut self, port: u8, cx: &Context<Self>, border: &mut Border) {
        if let Some(ends) = border.complete(now(cx), usize::from(port))
            && in_time(border, ends)
        {
            cx.schedule_event(time(ends), schedulable!(Self::complete), port)
                .expect(IN_FUTURE);
        }
    }
}

struct ProtoReference(Border);

impl ProtoModel for ProtoReference {
    type Model = Reference;

    fn build(self, _: &mut BuildContext<Self>) -> (Reference, Border) {
        (Reference, self.0)
    }
}

fn main() -> Result<(), SimulationError> {
    let border = Border::new(&Options::of_command_line());
    let end = time(border.end());
    let mut simulation = SimInit::with_num_threads(1)
        .add_model(ProtoReference(border), Mailbox::new(), "reference")
        .init(MonotonicTime::EPOCH)?;
    simulation.step_until(end)?;
    Ok(())
}
