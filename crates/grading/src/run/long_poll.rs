//! Says how long a poll held the thread, for virtual time does not show it.

use std::time::Duration;

use timeline::Timeline;

use crate::clock::spell;
use crate::report::Report;

/// Real time counts in whole steps of this, so that a report is the same on every machine. A poll that
/// holds the thread for less is no news.
const STEP: Duration = Duration::from_millis(100);

/// Adds a sentence to `report` if there was a long poll: the longest one in a lane or, where no lane
/// saw it, the `longest` of the whole answer.
pub(super) fn note(mut report: Report, longest: Duration) -> Report {
    let (held, whose) = longest_poll(report.timeline.as_ref(), longest);
    if held >= STEP {
        report.seen.push(format!(
            "A poll{whose} held the thread for {} of real time: nothing else could run meanwhile.",
            spell(held)
        ));
    }
    report
}

/// The report of a run that was right, but for a poll that held the thread.
pub(super) fn report(timeline: Timeline, longest: Duration) -> Report {
    let (held, whose) = longest_poll(Some(&timeline), longest);
    Report::new(format!(
        "A poll{whose} took {} of real time, in which nothing else could run.",
        spell(held)
    ))
    .usually(
        "a `std::thread::sleep` or another blocking call. Whoever waits gives the thread back: with \
         `tokio::time::sleep(..).await` or, in a `poll` of your own, with `Pending` and a waker that somebody keeps.",
    )
    .read("event-loop-blocking.html#a-blocking-call-stops-the-event-loop")
    .timeline(timeline)
}

/// How long the longest poll took, in whole steps, and whose it was.
fn longest_poll(timeline: Option<&Timeline>, longest: Duration) -> (Duration, String) {
    let lanes = timeline.into_iter().flat_map(|timeline| &timeline.lanes);
    let in_lane = lanes
        .flat_map(|lane| lane.polls.iter().map(|poll| (poll.busy, &lane.name)))
        .max_by_key(|(busy, _)| *busy)
        .filter(|(busy, _)| *busy >= STEP);
    match in_lane {
        Some((busy, lane)) => (busy, format!(" of `{lane}`")),
        None => (whole_steps(longest), String::new()),
    }
}

fn whole_steps(time: Duration) -> Duration {
    let steps = time.as_millis() / STEP.as_millis();
    STEP.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::{STEP, note, whole_steps};
    use crate::clock::ms;
    use crate::report::Report;

    #[test]
    fn a_short_poll_is_no_news() {
        assert_eq!(note(Report::new("A miss."), STEP - ms(1)).seen, ["A miss."]);
    }

    #[test]
    fn a_long_poll_counts_in_whole_steps() {
        assert_eq!(whole_steps(ms(399)), ms(300));
        let report = note(Report::new("A miss."), ms(399));
        assert_eq!(
            report.seen[1],
            "A poll held the thread for 300 ms of real time: nothing else could run meanwhile."
        );
    }
}
