//! What is known about a run that was stopped, beyond its timeline.

use std::time::{Duration, Instant};

use timeline::{Timeline, Waiting};

use super::activity::Stop;
use super::answer_polls::{AnswerPolls, Pattern};
use super::state::Run;
use crate::failure::Failure;

/// A clock that stands still for this long, while code runs, is paused.
const MOMENT: Duration = Duration::from_millis(1);

/// What was seen when a run was stopped.
#[derive(Debug)]
pub(super) struct Clues {
    pub(super) stop: Stop,
    pub(super) timeline: Timeline,
    /// What can wake each lane of the timeline. `None` if it has ended.
    pub(super) waiting: Vec<Option<Waiting>>,
    /// What the answer was doing, unless it was run in steps.
    pub(super) answer: Option<Answer>,
    /// For each call of a run in steps, whether its waker is stored. `None` for one that has ended.
    pub(super) calls: Vec<Option<bool>>,
    /// How many spawned tasks are alive.
    pub(super) tasks: usize,
    /// Whether tokio's clock follows real time.
    pub(super) is_resumed: bool,
    /// What is reported if what runs now never returns. Dropping the test may let it return.
    pub(super) if_blocked: Option<Failure>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Answer {
    pub(super) polls: Pattern,
    pub(super) waker_is_stored: bool,
}

impl Clues {
    /// To be called inside the runtime, between two polls of the answer.
    pub(super) fn gathered(run: &Run, stop: Stop, polls: &AnswerPolls) -> Self {
        let timeline = run.timeline();
        let lanes = 0..timeline.lanes.len();
        let in_steps = run.activity.is_in_steps();
        let alive = tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks();
        Self {
            stop,
            waiting: lanes.map(|lane| run.recorder.waiting(lane)).collect(),
            answer: (!in_steps).then(|| Answer {
                polls: polls.pattern(),
                waker_is_stored: polls.waker_is_stored(),
            }),
            calls: run.stored_wakers(),
            // A run in steps has a task of its own.
            tasks: alive.saturating_sub(usize::from(in_steps)),
            is_resumed: clock_is_resumed(),
            if_blocked: run.if_blocked(),
            timeline,
        }
    }
}

fn clock_is_resumed() -> bool {
    let (real, before) = (Instant::now(), tokio::time::Instant::now());
    while real.elapsed() < MOMENT {
        std::hint::spin_loop();
    }
    tokio::time::Instant::now() != before
}
