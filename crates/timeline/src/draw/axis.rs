//! Where in a drawing an instant is, and which instants are labelled.

use std::time::Duration;

use super::words;
use crate::model::{End, LaneRecord, Timeline};

/// The time a drawing covers, from zero on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Axis {
    end: Duration,
}

impl Axis {
    /// An axis for these lanes of `timeline` and the marks outside any lane. If other lanes are left out, it does not
    /// extend beyond these: otherwise they would be squeezed together to make room for lanes that are not drawn.
    pub(crate) fn of(timeline: &Timeline, lanes: &[&LaneRecord]) -> Self {
        let all = lanes.len() == timeline.lanes.len();
        let to_the_end = all || lanes.iter().any(|lane| lane.end == End::Pending);
        let last = lanes
            .iter()
            .flat_map(|lane| {
                let polls = lane
                    .polls
                    .iter()
                    .map(|poll| poll.until.max(poll.at + poll.busy));
                let marks = lane.marks.iter().map(|mark| mark.at);
                polls
                    .chain(marks)
                    .chain(lane.wakes.iter().copied())
                    .chain([lane.created, lane.end.at().unwrap_or_default()])
            })
            .chain(timeline.marks.iter().map(|mark| mark.at))
            .chain(to_the_end.then_some(timeline.end))
            .max();
        Self {
            end: last.unwrap_or_default(),
        }
    }

    pub(crate) fn end(self) -> Duration {
        self.end
    }

    /// The position of `at` between 0 and 1. In a program that takes no time it is 0.
    pub(crate) fn position(self, at: Duration) -> f64 {
        if self.end.is_zero() {
            return 0.0;
        }
        (at.as_secs_f64() / self.end.as_secs_f64()).clamp(0.0, 1.0)
    }

    /// Instants from zero on in the finest round steps that give no more than `most` of them.
    pub(crate) fn ticks(self, most: usize) -> Vec<Duration> {
        let most = u128::try_from(most.max(1)).unwrap_or(1);
        let end = self.end.as_nanos();
        let step = round_steps().find(|step| end / step < most);
        let Some(step) = step.filter(|_| end > 0) else {
            return vec![Duration::ZERO];
        };
        (0..=end / step)
            .map(|tick| Duration::from_nanos(u64::try_from(tick * step).unwrap_or(u64::MAX)))
            .collect()
    }
}

/// 1, 2, 5, 10, 20, 50, ... microseconds, in nanoseconds.
fn round_steps() -> impl Iterator<Item = u128> {
    (3..=30).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u128.pow(power)))
}

/// The labels of the ticks, all in the unit that suits the last one.
pub(crate) fn tick_labels(ticks: &[Duration]) -> Vec<String> {
    let last = ticks.last().copied().unwrap_or_default();
    ticks
        .iter()
        .map(|tick| {
            if last < Duration::from_secs(10) {
                words::instant(*tick)
            } else {
                words::seconds(*tick)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(milliseconds: u64) -> Axis {
        Axis {
            end: Duration::from_millis(milliseconds),
        }
    }

    fn labels(milliseconds: u64, most: usize) -> Vec<String> {
        tick_labels(&axis(milliseconds).ticks(most))
    }

    #[test]
    fn ticks_are_round_and_few() {
        assert_eq!(labels(300, 4), ["0 ms", "100 ms", "200 ms", "300 ms"]);
        assert_eq!(labels(350, 5), ["0 ms", "100 ms", "200 ms", "300 ms"]);
        assert_eq!(labels(60, 5), ["0 ms", "20 ms", "40 ms", "60 ms"]);
        assert_eq!(labels(20_000, 5), ["0 s", "5 s", "10 s", "15 s", "20 s"]);
        assert_eq!(labels(0, 5), ["0 ms"]);
        assert_eq!(labels(100, 1), ["0 ms"]);
    }

    #[test]
    fn ticks_do_not_exceed_the_length() {
        for milliseconds in (1..5000).step_by(7) {
            let ticks = axis(milliseconds).ticks(6);
            assert!((2..=6).contains(&ticks.len()), "{milliseconds}: {ticks:?}");
            assert!(ticks.iter().all(|tick| *tick <= axis(milliseconds).end));
        }
    }
}
