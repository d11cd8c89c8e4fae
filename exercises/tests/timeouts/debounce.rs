//! `debounce`: the last event of a burst, after a quiet period or a maximum wait.

use std::cell::Cell;

use super::*;
use exercises::timeouts::debounce;
use grading::explained;

const TOGETHER: &str = "that an event is emitted although another one has arrived at the same instant, and is in the \
                        channel. It belongs to the burst.";

/// What an answer has emitted, and when it returned.
struct Seen {
    emitted: Vec<(Duration, u32)>,
    returned: Option<Duration>,
}

/// Events with the time between each of them and the one before, and the time until the channel is closed.
async fn run(
    gaps: &[(Duration, u32)],
    open_for: Duration,
    quiet: Duration,
    max_wait: Duration,
) -> Seen {
    let log = Log::start();
    let until = gaps.iter().map(|(gap, _)| *gap).sum::<Duration>() + open_for;
    let (tx, events) = mpsc::channel(gaps.len().max(1));
    let sending = async {
        let open = tx.clone();
        send_all(gaps.to_vec(), tx).await;
        sleep(open_for).await;
        drop(open);
    };
    let answer = async {
        let answer = debounce(events, quiet, max_wait, |event| log.add(event));
        let returned = timeout(until + LONG, answer).await.is_ok();
        returned.then(|| log.clock().elapsed())
    };
    let (returned, ()) = tokio::join!(biased; answer, sending);
    Seen {
        emitted: log.take(),
        returned,
    }
}

/// From which instant the maximum wait is measured.
#[derive(Clone, Copy)]
enum WaitFrom {
    FirstOfBurst,
    FirstOfAll,
    LastEvent,
    LastEmission,
}

/// What should be emitted, if no event arrives at the instant at which another one is due.
fn expected(
    gaps: &[(Duration, u32)],
    open_for: Duration,
    quiet: Duration,
    max_wait: Duration,
) -> Vec<(Duration, u32)> {
    emitted_if(WaitFrom::FirstOfBurst, gaps, open_for, quiet, max_wait)
}

fn emitted_if(
    from: WaitFrom,
    gaps: &[(Duration, u32)],
    open_for: Duration,
    quiet: Duration,
    max_wait: Duration,
) -> Vec<(Duration, u32)> {
    struct Burst {
        first: Duration,
        last: Duration,
        event: u32,
    }
    // An event that is overdue when it arrives is emitted then.
    let due = |burst: &Burst| (burst.last + quiet).min((burst.first + max_wait).max(burst.last));
    // With a mistake, an event may arrive when another one is due. `run` polls the answer before it sends that.
    let is_over = |due: Duration, now: Duration, gap: Duration| match from {
        WaitFrom::FirstOfBurst => due < now,
        _ => due < now || due == now && !gap.is_zero(),
    };
    let (mut emitted, mut now, mut pending) = (Vec::new(), Duration::ZERO, None::<Burst>);
    for &(gap, event) in gaps {
        now += gap;
        if let Some(burst) = pending.take_if(|burst| is_over(due(burst), now, gap)) {
            emitted.push((due(&burst), burst.event));
        }
        let begun = match from {
            WaitFrom::FirstOfBurst | WaitFrom::LastEvent => now,
            WaitFrom::FirstOfAll => gaps[0].0,
            WaitFrom::LastEmission => match emitted.last() {
                Some((at, _)) if *at + max_wait >= now => *at,
                Some(_) => now,
                None => Duration::ZERO,
            },
        };
        let first = match from {
            WaitFrom::LastEvent => now,
            _ => pending.map_or(begun, |burst| burst.first),
        };
        pending = Some(Burst {
            first,
            last: now,
            event,
        });
    }
    if let Some(burst) = pending {
        emitted.push((due(&burst).min(now + open_for), burst.event));
    }
    emitted
}

fn list_of(entries: &[(Duration, u32)]) -> String {
    shown(entries, |event| format!("event {event}"))
}

/// Compares what was emitted.
fn check_emitted(
    seen: &Seen,
    expected: &[(Duration, u32)],
    given: &str,
    usually: Option<&str>,
    read: &str,
) {
    check(seen.emitted == expected, || {
        Failure::new(format!(
            "{given} this should be emitted: {}; it was {}.",
            list_of(expected),
            list_of(&seen.emitted)
        ))
        .usually_if(usually)
        .read(read)
    });
}

/// `count` events, each `gap` after the one before.
fn every(gap: Duration, count: usize) -> Vec<(Duration, u32)> {
    (1..=count as u32).map(|event| (gap, event)).collect()
}

#[test]
fn emits_the_last_event_of_a_burst() {
    grade_cases(async |case| {
        let count = case.size("events", 1..=40);
        let gap = case.whole_ms("between them", 40);
        let quiet = gap + ms(1) + case.whole_ms("quiet beyond that and 1 ms", 40);
        let gaps = every(gap, count);
        let seen = run(&gaps, ms(5_000), quiet, LONG).await;
        let expected = expected(&gaps, ms(5_000), quiet, LONG);
        let given = format!(
            "After {}, {} apart, with a quiet period of {},",
            plural(count, "event"),
            in_ms(gap),
            in_ms(quiet)
        );
        let (due, last) = expected[0];
        let first_is_quiet = due - gap * (last - 1);
        let usually = match &*seen.emitted {
            [] => Some("that the quiet period never ends, or that the pending event is dropped."),
            several if several.len() == count && count > 1 => {
                Some("that every event is emitted, each after a wait of its own.")
            }
            [(at, 1)] if *at == due && last > 1 => {
                Some("that the first event of the burst is kept, and not the last one.")
            }
            [(at, _), ..] if *at < first_is_quiet => Some(
                "that the first event is emitted when it arrives: that is a throttle, which does not debounce.",
            ),
            [(at, _), ..] if *at == first_is_quiet && count > 1 => Some(
                "that the quiet period begins with the first event, and is not started again by the others.",
            ),
            [(at, event)] if *at > due && *event == last => late_in_steps().await,
            _ => None,
        };
        check_emitted(&seen, &expected, &given, usually, DEBOUNCE);
    });
}

/// Whether a lone event is late by a time that depends on its instant and on the quiet period.
async fn late_in_steps() -> Option<&'static str> {
    let mut late = Vec::new();
    for (arrives, quiet) in [(1, 31), (4, 37), (5, 30), (7, 64)] {
        let seen = run(&[(ms(arrives), 1)], ms(5_000), ms(quiet), LONG).await;
        let (at, _) = seen.emitted.first().copied()?;
        late.push(at.checked_sub(ms(arrives + quiet))?);
    }
    late.iter().any(|time| *time != late[0]).then_some(
        "that the answer looks every now and then whether an event is due. The instant is known, so it can sleep until then.",
    )
}

#[test]
fn quiet_and_max_wait_may_be_days() {
    grade_cases(async |case| {
        let quiet = ms(10) + case.long_time("quiet beyond 10 ms");
        let max_wait = *case.pick("maximum wait", &[quiet * 2 - ms(4), quiet + ms(5)]);
        let gaps = [(Duration::ZERO, 1), (quiet - ms(5), 2)];
        let open_for = quiet + ms(50);
        let seen = run(&gaps, open_for, quiet, max_wait).await;
        let given = format!(
            "After two events, {} apart, with a quiet period of {} and a maximum wait of {},",
            in_ms(gaps[1].0),
            in_ms(quiet),
            in_ms(max_wait)
        );
        let expected = expected(&gaps, open_for, quiet, max_wait);
        check_emitted(&seen, &expected, &given, None, DEBOUNCE);
    });
}

#[test]
fn emits_once_for_each_burst() {
    grade_cases(async |case| {
        let bursts = case.size("bursts", 1..=12);
        let quiet = ms(1) + case.whole_ms("quiet beyond 1 ms", 60);
        let gaps = every(2 * quiet + ms(5), bursts);
        let seen = run(&gaps, ms(5_000), quiet, LONG).await;
        check_emitted(
            &seen,
            &expected(&gaps, ms(5_000), quiet, LONG),
            &format!(
                "After {}, {} apart, with a quiet period of {},",
                plural(bursts, "event"),
                in_ms(2 * quiet + ms(5)),
                in_ms(quiet)
            ),
            (seen.returned.is_some_and(|at| at < ms(5_000)) && seen.emitted.len() == 1)
                .then_some("that the function returns after the first burst."),
            DEBOUNCE,
        );
    });
}

#[test]
fn closing_emits_the_pending_event_at_once() {
    grade_cases(async |case| {
        let count = case.size("events", 1..=12);
        let quiet = ms(20) + case.whole_ms("quiet beyond 20 ms", 80);
        let open_for = case.whole_ms("closed after", 15);
        let gaps = every(ms(10), count);
        let seen = run(&gaps, open_for, quiet, LONG).await;
        let expected = expected(&gaps, open_for, quiet, LONG);
        let closed = ms(10) * count as u32 + open_for;
        let given = format!(
            "When the channel is closed at {}, while event {count} is pending,",
            in_ms(closed)
        );
        let usually = match &*seen.emitted {
            [] => Some("that the loop ends with the channel and drops the pending event."),
            [(at, _)] if *at == ms(10) * count as u32 + quiet => {
                Some("that the quiet period is waited for, although no further event can arrive.")
            }
            _ => None,
        };
        check_emitted(&seen, &expected, &given, usually, DEBOUNCE);
        check_returned(&seen, closed);
    });
}

fn check_returned(seen: &Seen, closed: Duration) {
    check(seen.returned == Some(closed), || {
        Failure::new(format!(
            "The channel is closed and empty at {}, and the function should return then; it {}.",
            in_ms(closed),
            match seen.returned {
                Some(at) => format!("returned at {}", in_ms(at)),
                None => "did not return within a minute".to_owned(),
            }
        ))
        .usually_if(match seen.returned {
            Some(at) if at > closed => Some("that something else is awaited after `recv` has returned `None`."),
            Some(_) => None,
            None => Some(
                "that `None` from `recv`, which means that the channel is closed and empty, does not end the loop.",
            ),
        })
        .read(DEBOUNCE)
    });
}

#[test]
fn returns_when_the_channel_is_closed() {
    grade(async || {
        for (count, open_for) in [(0, 0), (0, 70), (1, 300), (2, 1_000)] {
            let gaps = every(ms(100), count);
            let seen = run(&gaps, ms(open_for), ms(20), LONG).await;
            let expected = expected(&gaps, ms(open_for), ms(20), LONG);
            check_emitted(
                &seen,
                &expected,
                &format!(
                    "After {}, 100 ms apart, with a quiet period of 20 ms,",
                    plural(count, "event")
                ),
                (seen.emitted.len() > expected.len()).then_some(
                    "that something is emitted when the channel is closed, although no event is pending.",
                ),
                DEBOUNCE,
            );
            check_returned(&seen, ms(100) * count as u32 + ms(open_for));
        }
    });
}

#[test]
fn emits_after_the_maximum_wait() {
    grade_cases(async |case| {
        let max_wait = ms(5) + ms(10) * case.size("10 ms of maximum wait", 1..=20) as u32;
        let quiet = ms(11) + case.whole_ms("quiet beyond 11 ms", 400);
        let gaps = every(ms(10), 100);
        let seen = run(&gaps, ms(5_000), quiet, max_wait).await;
        let expected = expected(&gaps, ms(5_000), quiet, max_wait);
        let given = format!(
            "With an event every 10 ms, 100 in all, a quiet period of {} and a maximum wait of {},",
            in_ms(quiet),
            in_ms(max_wait)
        );
        let if_from = |from, max_wait| [emitted_if(from, &gaps, ms(5_000), quiet, max_wait)];
        let unused = "that the maximum wait is not used, is started again by each event, or is measured with a clock other \
                      than tokio's, which stands still here.";
        let usually = explained(
            std::slice::from_ref(&seen.emitted),
            [
                (unused, if_from(WaitFrom::FirstOfBurst, LONG)),
                (unused, if_from(WaitFrom::LastEvent, max_wait)),
                (
                    "that a maximum wait which is shorter than the quiet period is taken to be as long.",
                    if_from(WaitFrom::FirstOfBurst, max_wait.max(quiet)),
                ),
                (
                    "that the maximum wait is measured from the first event of all. An event after an emission begins a new \
                     burst.",
                    if_from(WaitFrom::FirstOfAll, max_wait),
                ),
                (
                    "that the maximum wait is measured from the last emission, and not from the first event of the burst.",
                    if_from(WaitFrom::LastEmission, max_wait),
                ),
            ],
        );
        check_emitted(&seen, &expected, &given, usually, NEVER_QUIET);
    });
}

#[test]
fn an_event_that_is_already_there_belongs_to_the_burst() {
    grade_cases(async |case| {
        let limits = [
            (50, 60_000, 100),
            (60_000, 50, 50),
            (50, 50, 50),
            (50, 80, 80),
        ];
        let (quiet, max_wait, due) =
            *case.pick("quiet, maximum wait and the instant in ms", &limits);
        // A task may receive about 128 messages in one poll.
        let more = case.size_near("events at 50 ms", 128, 1..=300) as u32;
        let log = Log::start();
        let (tx, events) = mpsc::channel(300);
        let left = Cell::new(0);
        let mut answer = pin!(debounce(events, ms(quiet), ms(max_wait), |event| {
            if event == 1 {
                left.set(tx.max_capacity() - tx.capacity());
            }
            log.add(event);
        }));
        let _ = tx.try_send(1);
        let _ = timeout(Duration::ZERO, &mut answer).await;
        // It is not polled before the other events are in the channel.
        advance(ms(50)).await;
        for event in 2..=1 + more {
            let _ = tx.try_send(event);
        }
        let _ = timeout(ms(500), &mut answer).await;
        let expected = [(ms(due), 1 + more)];
        let emitted = log.take();
        check(emitted == expected, || {
            Failure::new(format!(
                "With a quiet period of {quiet} ms and a maximum wait of {max_wait} ms, event 1 is due at 50 ms. {} in the \
                 channel at that instant, so this should be emitted: {}; it was {}.",
                match more {
                    1 => "Event 2 is".to_owned(),
                    more => format!("Events 2 to {} are", 1 + more),
                },
                list_of(&expected),
                list_of(&emitted)
            ))
            .usually_if(match emitted.first() {
                Some((_, 1)) if left.get() == more as usize => {
                    Some("that the timer is looked at before the channel, or that both are tried in a random order.")
                }
                Some((_, 1)) => Some(
                    "that an event which arrives at the instant at which another one is due is taken for the first one of \
                     the next burst.",
                ),
                Some((at, event)) if *event == 1 + more && *at < ms(due) => {
                    Some("that the events do not start the quiet period again.")
                }
                Some((at, event)) if *event == 1 + more && *at > ms(due) => {
                    Some("that the events start the maximum wait again.")
                }
                Some((_, event)) if (100..=more).contains(event) => Some(
                    "that the channel is taken to be empty when `recv` is pending. tokio lets a task receive about 128 \
                     messages in one poll; then `recv` is pending, and so is `now_or_never`, until the task has yielded. \
                     `try_recv` has no such limit.",
                ),
                Some((_, event)) if (2..=more).contains(event) => {
                    Some("that only some of the events in the channel are received before the timer is looked at.")
                }
                _ => None,
            })
            .read(EXACTLY)
        });
    });
}

#[test]
fn zero_emits_at_the_instant_of_arrival() {
    grade_cases(async |case| {
        let count = case.size("events", 1..=12);
        let mut gaps = every(ms(10), count);
        if case.size("the last two together", 0..=1) == 1 {
            gaps.push((Duration::ZERO, 99));
        }
        let limits = [(0, 60_000), (60_000, 0), (0, 0)];
        let (quiet, max_wait) = *case.pick("quiet and maximum wait in ms", &limits);
        let seen = run(&gaps, ms(500), ms(quiet), ms(max_wait)).await;
        let expected = expected(&gaps, ms(500), ms(quiet), ms(max_wait));
        let given =
            format!("With a quiet period of {quiet} ms and a maximum wait of {max_wait} ms,");
        let usually = if seen.emitted.len() > expected.len() {
            Some(TOGETHER)
        } else if seen
            .emitted
            .iter()
            .any(|(at, _)| *at > ms(10) * count as u32)
            || seen.emitted.is_empty()
        {
            Some(
                "that zero is treated as another value: as no limit, say, or as the shortest one that a timer has.",
            )
        } else {
            None
        };
        check_emitted(&seen, &expected, &given, usually, DEBOUNCE);
    });
}

#[test]
fn any_events() {
    grade_cases(async |case| {
        let count = case.size("events", 0..=40);
        let quiet = case.whole_ms("quiet", 30);
        let max_wait = case.whole_ms("maximum wait", 90);
        let gaps = case.whole_ms_each("between them", count, 50);
        let gaps = without_ties(&gaps, quiet, max_wait);
        let open_for = case.whole_ms("closed after", 60);
        let seen = run(&gaps, open_for, quiet, max_wait).await;
        let given = format!(
            "With a quiet period of {}, a maximum wait of {} and events after {},",
            in_ms(quiet),
            in_ms(max_wait),
            list(gaps.iter().map(|(gap, _)| in_ms(*gap)))
        );
        check_emitted(
            &seen,
            &expected(&gaps, open_for, quiet, max_wait),
            &given,
            if ends_before_the_last_event(&seen, &gaps) {
                Some(why_the_last_event_is_lost().await)
            } else if emits_before_an_event_of_the_same_instant(&seen, &gaps) {
                Some(TOGETHER)
            } else {
                None
            },
            DEBOUNCE,
        );
        check_returned(
            &seen,
            gaps.iter().map(|(gap, _)| *gap).sum::<Duration>() + open_for,
        );
    });
}

/// It has returned, the last event was never emitted, and nothing but that is missing before its instant.
fn ends_before_the_last_event(seen: &Seen, gaps: &[(Duration, u32)]) -> bool {
    let arrived: Duration = gaps.iter().map(|(gap, _)| *gap).sum();
    let last = gaps.last().map(|(_, event)| *event);
    let is_missing = seen.emitted.iter().all(|(_, event)| Some(*event) != last);
    is_missing && last.is_some() && seen.returned == Some(arrived)
}

/// Why an answer does not emit an event that arrives at the instant at which the channel is closed.
async fn why_the_last_event_is_lost() -> &'static str {
    let is_lost_before_it_is_due = run(&[(ms(1), 1)], Duration::ZERO, ms(50), LONG)
        .await
        .emitted
        .is_empty();
    match is_lost_before_it_is_due {
        true => {
            "that the function ends when the senders are gone, although events are left in the channel. It is closed then, \
             and not yet empty."
        }
        false => {
            "that the pending event is dropped if the channel is closed at the instant at which the event is due."
        }
    }
}

fn emits_before_an_event_of_the_same_instant(seen: &Seen, gaps: &[(Duration, u32)]) -> bool {
    let mut now = Duration::ZERO;
    gaps.iter().any(|&(gap, event)| {
        now += gap;
        let emitted = &seen.emitted;
        emitted
            .iter()
            .any(|&(at, other)| at == now && other < event)
    })
}

/// Events with these times between them, some of them a millisecond longer, so that none arrives when another one is
/// due.
fn without_ties(gaps: &[Duration], quiet: Duration, max_wait: Duration) -> Vec<(Duration, u32)> {
    let mut events: Vec<(Duration, u32)> = Vec::new();
    for (&gap, event) in gaps.iter().zip(1..) {
        let now: Duration = events.iter().map(|(gap, _)| *gap).sum();
        let due = expected(&events, LONG, quiet, max_wait);
        let is_due = due.last().is_some_and(|(at, _)| *at == now + gap);
        let longer = ms(u64::from(is_due && !gap.is_zero()));
        events.push((gap + longer, event));
    }
    events
}

#[test]
fn emits_nothing_when_dropped() {
    drop_at_every_await(
        async || {
            let log = Log::start();
            let (tx, events) = mpsc::channel(8);
            let emitted = log.clone();
            let answer = async move {
                let sending = async {
                    let open = tx.clone();
                    send_all(every(ms(20), 3), tx).await;
                    sleep(ms(200)).await;
                    drop(open);
                };
                let emit = |event| emitted.add(event);
                tokio::join!(debounce(events, ms(50), LONG, emit), sending);
            };
            (answer, log)
        },
        async |log| {
            let (before, dropped) = (log.take(), log.clock().elapsed());
            sleep(ms(500)).await;
            let early = before.iter().any(|(at, _)| *at < ms(110));
            check(!early && log.is_empty(), || {
                Failure::new(format!(
                    "The future was dropped at {}, and event 3 is due at 110 ms. Nothing else should be emitted; it was {}.",
                    in_ms(dropped),
                    list_of(&[before, log.take()].concat())
                ))
                .usually("that a destructor emits the pending event. Dropping the future loses it.")
                .read("gather-racing.html#the-losing-future-is-dropped")
            });
        },
    );
}
