//! Independent tasks on several threads, their results handed over in the order of the tasks.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

/// Tasks that may be begun ahead of the one to be handed over next, per thread.
const AHEAD_PER_THREAD: u32 = 2;

/// Does `work` for 0, 1, … `tasks` - 1 on `threads` threads and hands the results to `consume`, on the calling thread, strictly
/// in that order.
///
/// At most two results per thread exist at a time: a slow task holds the others back rather than letting their results
/// pile up. When `consume` breaks, no further task is begun and its value is returned. Once `stopped` says so, no further task is
/// begun either, and those under way are finished and handed over: what has been consumed is always 0, 1, … without a gap.
///
/// `work` must not panic: the panic is passed on to the caller once the tasks under way are done.
pub fn in_order<T: Send, B>(
    tasks: u32,
    threads: NonZeroUsize,
    stopped: impl Fn() -> bool + Sync,
    work: impl Fn(u32) -> T + Sync,
    mut consume: impl FnMut(u32, T) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let threads = u32::try_from(threads.get()).map_or(tasks, |threads| threads.min(tasks));
    let queue = Queue::new(tasks, threads.saturating_mul(AHEAD_PER_THREAD));
    thread::scope(|scope| {
        // Whatever ends this block, no worker is left waiting for a hand-over that will not come.
        let _closed_at_the_end = CloseOnDrop(&queue);
        let (sender, receiver) = mpsc::channel();
        let spawned = (0..threads).map_while(|_| {
            let (sender, queue, work, stopped) = (sender.clone(), &queue, &work, &stopped);
            let worker = move || {
                let _closed_on_panic = CloseOnPanic(queue);
                while let Some(task) = queue.begin(stopped) {
                    if sender.send((task, work(task))).is_err() {
                        break;
                    }
                }
            };
            // The system may have no more of them: those that there are do the work, or this one alone.
            thread::Builder::new().spawn_scoped(scope, worker).ok()
        });
        let spawned = spawned.count();
        drop(sender);
        if spawned == 0 {
            while let Some(task) = queue.begin(&stopped) {
                consume(task, work(task))?;
                queue.handed_over(task + 1);
            }
        }
        let mut early = BTreeMap::new();
        let mut next = 0;
        for (task, result) in receiver {
            early.insert(task, result);
            while let Some(result) = early.remove(&next) {
                consume(next, result)?;
                next += 1;
                queue.handed_over(next);
            }
        }
        ControlFlow::Continue(())
    })
}

/// Which task is next to be begun, and how far ahead of the hand-over it may be.
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    /// The next task to be begun.
    next: u32,
    /// Tasks below this one may be begun.
    open: u32,
    /// How many tasks.
    tasks: u32,
    /// Distance from the hand-over to `open`.
    window: u32,
}

impl Queue {
    fn new(tasks: u32, window: u32) -> Self {
        Self {
            state: Mutex::new(State {
                next: 0,
                open: window,
                tasks,
                window,
            }),
            changed: Condvar::new(),
        }
    }

    /// The next task, once it may be begun; `None` when there is none left, or nobody wants it any more.
    fn begin(&self, stopped: impl Fn() -> bool) -> Option<u32> {
        let mut state = self
            .changed
            .wait_while(self.lock(), |state| {
                state.next < state.tasks && state.next >= state.open
            })
            .unwrap_or_else(PoisonError::into_inner);
        (state.next < state.tasks && !stopped()).then(|| {
            state.next += 1;
            state.next - 1
        })
    }

    /// All tasks before `next` have been handed over.
    fn handed_over(&self, next: u32) {
        let mut state = self.lock();
        state.open = next.saturating_add(state.window);
        self.changed.notify_all();
    }

    /// No further task is begun.
    fn close(&self) {
        self.lock().tasks = 0;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is whole between any two statements: a panic elsewhere cannot have left it half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct CloseOnDrop<'a>(&'a Queue);

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}

struct CloseOnPanic<'a>(&'a Queue);

impl Drop for CloseOnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use super::*;

    fn threads(number: usize) -> NonZeroUsize {
        NonZeroUsize::new(number).unwrap()
    }

    #[test]
    fn results_come_in_the_order_of_the_tasks_on_any_number_of_threads() {
        for number in [1, 2, 3, 8] {
            let mut seen = Vec::new();
            let done = in_order(
                40,
                threads(number),
                || false,
                |task| {
                    thread::sleep(Duration::from_micros(u64::from(task * 7919 % 400)));
                    task * 2
                },
                |task, result| {
                    seen.push((task, result));
                    ControlFlow::<()>::Continue(())
                },
            );
            assert!(done.is_continue());
            assert_eq!(
                seen,
                (0..40).map(|task| (task, task * 2)).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn a_slow_first_task_does_not_let_results_pile_up() {
        let begun = AtomicU32::new(0);
        let mut begun_at_first = 0;
        let _ = in_order(
            100,
            threads(3),
            || false,
            |task| {
                begun.fetch_add(1, Ordering::SeqCst);
                if task == 0 {
                    thread::sleep(Duration::from_millis(50));
                }
            },
            |task, ()| {
                if task == 0 {
                    begun_at_first = begun.load(Ordering::SeqCst);
                }
                ControlFlow::<()>::Continue(())
            },
        );
        assert!(begun_at_first <= 6, "{begun_at_first} tasks begun");
    }

    #[test]
    fn a_break_begins_no_further_task() {
        let begun = AtomicU32::new(0);
        let done = in_order(
            1000,
            threads(2),
            || false,
            |_| begun.fetch_add(1, Ordering::SeqCst),
            |task, _| {
                if task == 5 {
                    ControlFlow::Break("stop")
                } else {
                    ControlFlow::Continue(())
                }
            },
        );
        assert_eq!(done, ControlFlow::Break("stop"));
        assert!(begun.load(Ordering::SeqCst) < 20);
    }

    #[test]
    fn once_stopped_what_is_under_way_is_handed_over_and_nothing_more_begun() {
        for number in [1, 2, 3] {
            let begun = AtomicU32::new(0);
            let mut seen = Vec::new();
            let done = in_order(
                1000,
                threads(number),
                || begun.load(Ordering::SeqCst) >= 7,
                |task| {
                    begun.fetch_add(1, Ordering::SeqCst);
                    task
                },
                |task, _| {
                    seen.push(task);
                    ControlFlow::<()>::Continue(())
                },
            );
            assert!(done.is_continue());
            let begun = begun.load(Ordering::SeqCst);
            assert!(begun < 1000);
            assert_eq!(seen, (0..begun).collect::<Vec<_>>());
        }
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_panic_in_a_task_reaches_the_caller_and_does_not_hang() {
        let _ = in_order(
            50,
            threads(2),
            || false,
            |task| assert_ne!(task, 3, "task three"),
            |_, ()| ControlFlow::<()>::Continue(()),
        );
    }
}
