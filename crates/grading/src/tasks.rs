//! Tasks that outlive the answer that spawned them.

use tokio::runtime::Handle;

use crate::check::check;
use crate::failure::Failure;

/// Enough for chains of tasks that abort each other when they are dropped.
const TURNS: usize = 32;

/// Counts the tasks that are alive, compared with a baseline.
///
/// An answer that has finished, or was dropped, should leave no task behind. `grade` does not check that
/// by itself, because for some answers it is the point. For all others it takes one call:
///
/// ```
/// use grading::{Tasks, grade, ms};
/// use tokio::task::JoinSet;
///
/// grade(async || {
///     let tasks = Tasks::baseline();
///     let answer = async {
///         let mut children = JoinSet::new();
///         children.spawn(tokio::time::sleep(ms(500)));
///         children.join_next().await;
///     };
///     let _ = tokio::time::timeout(ms(100), answer).await;
///     tasks.check_none_left_behind().await;
/// });
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Tasks {
    baseline: usize,
}

impl Tasks {
    /// Takes the tasks that are alive now as the baseline: those of a fake or a [`Ticker`](crate::Ticker), for
    /// example, do not belong to the answer.
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    #[track_caller]
    pub fn baseline() -> Self {
        Self { baseline: alive() }
    }

    /// How many more tasks are alive than at the baseline.
    ///
    /// Every task gets some turns before they are counted, without time passing, because an aborted task is
    /// dropped only when its turn comes.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future has no effect.
    pub async fn left_behind(&self) -> usize {
        settle().await;
        alive().saturating_sub(self.baseline)
    }

    /// Fails if a task is [left behind](Tasks::left_behind).
    ///
    /// # Cancel safety
    ///
    /// Dropping the future has no effect.
    pub async fn check_none_left_behind(&self) {
        let left = self.left_behind().await;
        check(left == 0, || {
            let tasks = if left == 1 { "task is" } else { "tasks are" };
            Failure::new(format!(
                "No task should outlive your answer; {left} {tasks} still alive."
            ))
            .usually(
                "that a `JoinHandle` was dropped, which detaches its task and does not stop it. Dropping a \
                 `JoinSet` aborts its tasks.",
            )
            .read("tasks.html#dropping-a-joinhandle-detaches-the-task")
        });
    }
}

#[track_caller]
fn alive() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// Gives every task that is ready some turns. No time passes.
///
/// It does not yield, because a runtime with a short event interval polls only one task before it polls a root that
/// has yielded. A new task is last in the queue.
pub(crate) async fn settle() {
    for _ in 0..TURNS {
        let last_in_queue = tokio::spawn(async {});
        let _ = last_in_queue.await;
    }
}
