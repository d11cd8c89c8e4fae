//! Tasks that outlive the answer that spawned them.

use tokio::runtime::Handle;

use crate::failure::{Failure, check};

/// Enough for chains of tasks that abort each other when they are dropped.
const TURNS: usize = 32;

/// How many tasks are alive, compared with before.
///
/// An answer that is over, or was dropped, should leave no task behind. `grade` does not check that
/// by itself, because for some answers it is the point; for all others it is one call:
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
    /// The tasks that are alive now, a fake's or a [`Ticker`](crate::Ticker)'s say, are not the
    /// answer's.
    ///
    /// # Panics
    ///
    /// Outside a runtime.
    #[track_caller]
    pub fn baseline() -> Self {
        Self { baseline: alive() }
    }

    /// How many tasks are alive beyond the baseline.
    ///
    /// Every task gets some turns before they are counted, without time passing: a task that was
    /// aborted is dropped when its turn comes.
    ///
    /// # Cancel safety
    ///
    /// It changes nothing, so it may be dropped.
    pub async fn left_behind(&self) -> usize {
        settle().await;
        alive().saturating_sub(self.baseline)
    }

    /// Misses if a task is [left behind](Tasks::left_behind).
    ///
    /// # Cancel safety
    ///
    /// It changes nothing, so it may be dropped.
    pub async fn check_none_left_behind(&self) {
        let left = self.left_behind().await;
        check(left == 0, || {
            let tasks = if left == 1 { "task is" } else { "tasks are" };
            Failure::new(format!(
                "No task should outlive your answer; {left} {tasks} still alive."
            ))
            .usually(
                "that a handle was dropped, which detaches its task and does not stop it. A \
                 `JoinSet` that is dropped aborts its tasks.",
            )
            .read("tasks.html#dropping-a-joinhandle-detaches-the-task")
        });
    }
}

#[track_caller]
fn alive() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

/// Gives everything that is ready its turns. No time passes.
pub(crate) async fn settle() {
    for _ in 0..TURNS {
        tokio::task::yield_now().await;
    }
}
