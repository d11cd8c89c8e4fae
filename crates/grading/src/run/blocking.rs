//! Reports polls that blocked the thread, which virtual time does not show.

use std::time::Duration;

use timeline::Timeline;

use super::threads::Doing;
use crate::report::Report;
use crate::words::spell;

/// Real time counts in whole steps of this, so that a report is the same on every machine. A shorter poll is
/// not reported.
const STEP: Duration = Duration::from_millis(100);

/// How much of a long poll the watchdog may miss, because it looks every 10 ms.
const MISSED: Duration = Duration::from_millis(50);

/// Adds a sentence to `report` if there was a long poll: the longest one in a lane or, where no lane has one,
/// the `longest` of the whole answer.
///
/// On a busy machine a poll takes long without blocking the thread. So the watchdog must have `seen` it block.
pub(super) fn add_to(mut report: Report, longest: Duration, seen: Duration) -> Report {
    if seen + MISSED < STEP {
        return report;
    }
    let (time, of_lane) = longest_poll(report.timeline.as_ref(), longest);
    if time >= STEP {
        report.seen.push(sentence(time, &of_lane));
    }
    report
}

/// The report of a run in which everything was right except for a poll that blocked the thread.
pub(super) fn report(timeline: Timeline, longest: Duration, doing: Option<Doing>) -> Report {
    let (time, of_lane) = longest_poll(Some(&timeline), longest);
    let mut seen = sentence(time, &of_lane);
    seen += match doing {
        Some(Doing::Sleeping) => {
            " The thread slept, in a call that blocks. A future that waits gives the thread back: with \
             `tokio::time::sleep(..).await` or, in a `poll` of your own, by returning `Pending` after it has stored \
             its waker."
        }
        Some(Doing::Computing) => {
            " The thread computed. A long computation gives the thread back now and then, with `yield_now().await`, or \
             runs on another thread, in `spawn_blocking`."
        }
        None => "",
    };
    Report::new(seen)
        .in_real_time()
        .read("event-loop-blocking.html#a-blocking-call-stops-the-event-loop")
        .timeline(timeline)
}

fn sentence(time: Duration, of_lane: &str) -> String {
    format!(
        "A poll{of_lane} blocked the thread for {} of real time, in which nothing else could run.",
        spell(time)
    )
}

/// How long the longest poll took, in whole steps, and the lane that it belongs to.
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
    use timeline::Timeline;

    use super::{Doing, STEP, add_to, report, whole_steps};
    use crate::clock::ms;
    use crate::report::Report;

    #[test]
    fn a_short_poll_is_not_reported() {
        assert_eq!(add_to(Report::new("No."), STEP - ms(1), STEP).seen, ["No."]);
    }

    #[test]
    fn a_poll_that_waited_for_a_processor_is_not_reported() {
        assert_eq!(add_to(Report::new("No."), ms(399), ms(40)).seen, ["No."]);
    }

    #[test]
    fn what_the_thread_did_is_told_if_it_is_known() {
        let seen = |doing| report(Timeline::default(), ms(399), doing).seen.concat();
        assert!(seen(Some(Doing::Sleeping)).contains("The thread slept"));
        assert!(seen(Some(Doing::Computing)).contains("The thread computed"));
        assert!(seen(None).ends_with("nothing else could run."));
    }

    #[test]
    fn a_long_poll_counts_in_whole_steps() {
        assert_eq!(whole_steps(ms(399)), ms(300));
        let report = add_to(Report::new("No."), ms(399), ms(390));
        assert_eq!(
            report.seen[1],
            "A poll blocked the thread for 300 ms of real time, in which nothing else could run."
        );
    }
}
