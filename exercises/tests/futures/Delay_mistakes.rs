//! What delays with the usual mistakes do, so that a report names a mistake only if it explains everything that was seen.

use super::*;

/// When a delay is polled.
#[derive(Clone, Copy)]
struct Poll {
    /// Whether it is the first poll.
    first: bool,
    /// When the delay was created.
    created: Duration,
    /// When it was first polled.
    started: Duration,
    now: Duration,
}

/// Whether a delay is ready in a poll, and what it registers otherwise.
#[derive(PartialEq)]
struct Seen {
    ready: bool,
    deadlines: Vec<Duration>,
}

/// The mistake that explains what the answer does in many polls, if there is one.
pub(super) fn usual_mistake() -> Option<&'static str> {
    let probes = probes();
    let seen: Vec<_> = probes
        .iter()
        .map(|(times, instants)| seen_of_answer(times, instants))
        .collect();
    let mistakes = MISTAKES.iter().map(|(meaning, rule)| {
        let seen = probes
            .iter()
            .map(|(times, instants)| seen_with(*rule, times, instants));
        (*meaning, seen)
    });
    explained(&seen, mistakes)
}

/// Delays, each with the instants at which it is polled.
fn probes() -> Vec<(Times, Vec<Duration>)> {
    let nanosecond = Duration::from_nanos(1);
    let mut probes = Vec::new();
    for created in [0, 1, 1_500_000, 7_000_000].map(Duration::from_nanos) {
        for time in [0, 1, 999_999, 2_000_000, 30_000_500].map(Duration::from_nanos) {
            let deadline = created + time;
            for first in [created, created + time / 2, deadline, deadline + ms(3)] {
                let times = Times { created, time };
                let mut instants = vec![first, first, deadline - nanosecond.min(time), deadline];
                instants.extend([deadline + nanosecond, deadline + ms(2)]);
                instants.retain(|instant| *instant >= first);
                probes.push((times, instants));
            }
        }
    }
    probes
}

fn seen_of_answer(times: &Times, instants: &[Duration]) -> Vec<Seen> {
    let (timer, mut answer) = times.start();
    let waker = TestWaker::new();
    let mut all = Vec::new();
    for instant in instants {
        timer.advance(*instant - timer.now());
        let ready = waker.poll(answer.as_mut()).is_ready();
        // What it leaves when it is ready is another test's subject.
        let deadlines = if ready { Vec::new() } else { timer.deadlines() };
        all.push(Seen { ready, deadlines });
        if ready {
            break;
        }
    }
    all
}

/// Whether a delay of `time` is ready in a poll, and the deadline that it registers otherwise.
type Rule = fn(time: Duration, poll: Poll) -> Result<(), Duration>;

fn seen_with(rule: Rule, times: &Times, instants: &[Duration]) -> Vec<Seen> {
    let mut all = Vec::new();
    for (index, now) in instants.iter().enumerate() {
        let poll = Poll {
            first: index == 0,
            created: times.created,
            started: instants[0],
            now: *now,
        };
        let outcome = rule(times.time, poll);
        // The timer keeps no entry for an instant that has passed.
        let deadlines = outcome.err().into_iter().filter(|at| at > now).collect();
        let ready = outcome.is_ok();
        all.push(Seen { ready, deadlines });
        if ready {
            break;
        }
    }
    all
}

/// Ready at the deadline or later.
fn until(deadline: Duration, poll: Poll) -> Result<(), Duration> {
    if poll.now >= deadline {
        Ok(())
    } else {
        Err(deadline)
    }
}

fn in_millis(duration: Duration) -> Duration {
    Duration::from_millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}

fn in_micros(duration: Duration) -> Duration {
    Duration::from_micros(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX))
}

fn up_to_millis(duration: Duration) -> Duration {
    let down = in_millis(duration);
    if down < duration { down + ms(1) } else { down }
}

const ROUNDED: &str = "that the time or the deadline is rounded.";

/// Usual mistakes, each with what it does.
const MISTAKES: [(&str, Rule); 13] = [
    (
        "that the deadline is compared with `>` where it should be `>=`.",
        |time, poll| {
            let deadline = poll.created + time;
            if poll.now > deadline {
                Ok(())
            } else {
                Err(deadline)
            }
        },
    ),
    (
        "that it is ready only at the very instant of its deadline. A task may be polled long after it was woken.",
        |time, poll| {
            let deadline = poll.created + time;
            if poll.now == deadline {
                Ok(())
            } else {
                Err(deadline)
            }
        },
    ),
    (
        "that the deadline is computed in the first poll. A delay starts when it is created.",
        |time, poll| until(poll.started + time, poll),
    ),
    (
        "that the deadline is computed again in each poll.",
        |time, poll| until(poll.now + time, poll),
    ),
    (
        "that the deadline is right, but the entry is registered for the delay's whole time from the poll on.",
        |time, poll| until(poll.created + time, poll).map_err(|_| poll.now + time),
    ),
    (
        "that the deadline is counted from zero. The timer may show any time when the delay is created.",
        |time, poll| until(time, poll),
    ),
    (
        "that any poll after the first one is taken for the wake-up of the timer. A future may be polled at any time.",
        |time, poll| {
            let deadline = poll.created + time;
            if poll.first {
                until(deadline, poll)
            } else {
                Ok(())
            }
        },
    ),
    (
        "that the first poll is always pending. It has to compare the deadline with the timer, too.",
        |time, poll| {
            let deadline = poll.created + time;
            if poll.first {
                Err(deadline)
            } else {
                until(deadline, poll)
            }
        },
    ),
    (ROUNDED, |time, poll| {
        until(in_millis(poll.created + time), poll)
    }),
    (ROUNDED, |time, poll| {
        until(poll.created + in_millis(time), poll)
    }),
    (ROUNDED, |time, poll| {
        until(in_micros(poll.created + time), poll)
    }),
    (ROUNDED, |time, poll| {
        until(up_to_millis(poll.created + time), poll)
    }),
    (ROUNDED, |time, poll| {
        until(poll.created + up_to_millis(time), poll)
    }),
];
