//! The points at which a call is dropped, and how reports describe them.

use std::time::Duration;

use super::steps::{Step, Steps};
use crate::words::{ordinal, spell};

/// Of so many points all are taken, and of the others an even sample.
const FIRST: usize = 200;
const SAMPLE: usize = 100;

/// The point after a step of an undisturbed run, at which one of the calls is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DropPoint {
    pub(super) step: usize,
    pub(super) call: usize,
}

/// Where each of the calls can be dropped in a run that takes these steps.
pub(super) fn points(steps: &[Step], calls: usize) -> Vec<DropPoint> {
    let mut all = Vec::new();
    let (mut started, mut finished) = (vec![false; calls], vec![false; calls]);
    for (index, step) in steps.iter().enumerate() {
        for call in 0..calls {
            let next = steps.get(index + 1);
            started[call] |= *step == Step::Due { call };
            finished[call] |= *step == Step::Polled { call, ready: true };
            let differs = match step {
                Step::Due { call: due } => *due == call,
                Step::Polled { call: polled, .. } if *polled == call => true,
                // Nothing happens before the next step, which says more about this call.
                _ => next != Some(&Step::Due { call }),
            };
            if started[call] && !finished[call] && differs {
                all.push(DropPoint { step: index, call });
            }
        }
    }
    sample(all)
}

fn sample(mut points: Vec<DropPoint>) -> Vec<DropPoint> {
    if points.len() > FIRST + SAMPLE {
        let rest = points.split_off(FIRST);
        points.extend((0..SAMPLE).map(|nth| rest[nth * rest.len() / SAMPLE]));
    }
    points
}

/// The sentence that says when and where `call` is dropped: after `step`, and after this many polls of tasks.
pub(super) fn sentence(
    steps: &Steps<'_>,
    call: usize,
    step: Step,
    task_polls: usize,
    at: Duration,
) -> String {
    let subject = match steps.count() {
        1 => "Your answer".to_owned(),
        count => format!("The {} of {count} calls", ordinal(call + 1)),
    };
    let (at, wait) = (spell(at), ordinal(steps.waits(call)));
    if steps.waits(call) == 0 {
        return format!("{subject} was dropped before its first poll.");
    }
    let cause = match step {
        Step::TaskPolled => Some(format!(
            "after the {} poll of a spawned task",
            ordinal(task_polls)
        )),
        Step::Polled { call: other, .. } if other != call => {
            Some(format!("after a poll of the {}", ordinal(other + 1)))
        }
        _ => None,
    };
    let by_itself = step == Step::Polled { call, ready: false };
    match cause {
        Some(cause) if steps.is_woken(call) => format!(
            "{subject} was dropped at {at}, {cause}, when it had been woken from its {wait} wait and not polled again."
        ),
        Some(cause) => format!("{subject} was dropped at {at}, {cause}, during its {wait} wait."),
        None if steps.is_woken(call) && !by_itself => format!(
            "{subject} was dropped at {at}, after it was woken from its {wait} wait and before it was polled again."
        ),
        None => format!("{subject} was dropped at {at}, during its {wait} wait."),
    }
}

#[cfg(test)]
mod tests {
    use super::{DropPoint, FIRST, SAMPLE, Step, points};

    fn at(points: &[DropPoint], call: usize) -> Vec<usize> {
        let of_call = points.iter().filter(|point| point.call == call);
        of_call.map(|point| point.step).collect()
    }

    #[test]
    fn a_call_is_dropped_from_its_first_poll_until_it_is_ready() {
        let steps = [
            Step::Due { call: 0 },
            Step::Polled {
                call: 0,
                ready: false,
            },
            Step::Due { call: 1 },
            Step::Polled {
                call: 1,
                ready: false,
            },
            Step::TaskPolled,
            Step::Idle,
            Step::Due { call: 0 },
            Step::Polled {
                call: 0,
                ready: true,
            },
            Step::TaskPolled,
            Step::Due { call: 1 },
            Step::Polled {
                call: 1,
                ready: true,
            },
        ];
        let points = points(&steps, 2);
        assert_eq!(at(&points, 0), [0, 1, 3, 4, 6]);
        assert_eq!(at(&points, 1), [2, 3, 4, 5, 7, 9]);
    }

    #[test]
    fn of_many_points_the_first_and_a_sample_are_taken() {
        let mut steps = vec![Step::Due { call: 0 }];
        steps.extend([Step::TaskPolled; 999]);
        let points = at(&points(&steps, 1), 0);
        assert_eq!(points.len(), FIRST + SAMPLE);
        assert!(points[..FIRST].iter().copied().eq(0..FIRST));
        assert_eq!(points[FIRST..FIRST + 3], [200, 208, 216]);
        assert_eq!(points.last(), Some(&992));
    }
}
