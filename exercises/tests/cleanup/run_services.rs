//! `run_services`: started in order, stopped in reverse, whatever fails on the way.

use super::*;
use exercises::cleanup::{Ended, Service, StopError, run_services};
use grading::explained;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Event {
    Polled,
    Start(usize),
    Started(usize),
    Stop(usize),
    Stopped(usize),
    /// The future of a start or a stop was dropped before its end.
    StartCut(usize),
    StopCut(usize),
    Dropped(usize),
}

/// What a service does.
#[derive(Debug, Clone)]
struct Plan {
    start: Duration,
    start_error: Option<String>,
    stop: Duration,
    stop_error: Option<String>,
}

impl Plan {
    fn of(start: Duration, stop: Duration) -> Self {
        Self {
            start,
            start_error: None,
            stop,
            stop_error: None,
        }
    }
}

struct Fake {
    index: usize,
    plan: Plan,
    log: Log<Event>,
}

/// Records that a future was dropped, unless it is forgotten at the end.
struct CutWhenDropped<'a>(&'a Log<Event>, Event);

impl Drop for CutWhenDropped<'_> {
    fn drop(&mut self) {
        self.0.add(self.1);
    }
}

impl Service for Fake {
    async fn start(&mut self) -> Result<(), String> {
        self.log.add(Event::Start(self.index));
        let ends = CutWhenDropped(&self.log, Event::StartCut(self.index));
        take(self.plan.start).await;
        std::mem::forget(ends);
        if let Some(error) = &self.plan.start_error {
            return Err(error.clone());
        }
        self.log.add(Event::Started(self.index));
        Ok(())
    }

    async fn stop(&mut self) -> Result<(), String> {
        self.log.add(Event::Stop(self.index));
        let ends = CutWhenDropped(&self.log, Event::StopCut(self.index));
        take(self.plan.stop).await;
        std::mem::forget(ends);
        self.log.add(Event::Stopped(self.index));
        self.plan.stop_error.clone().map_or(Ok(()), Err)
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.log.add(Event::Dropped(self.index));
    }
}

fn fakes(plans: &[Plan], log: &Log<Event>) -> Vec<Fake> {
    let fakes = plans.iter().enumerate();
    let fakes = fakes.map(|(index, plan)| Fake {
        index,
        plan: plan.clone(),
        log: log.clone(),
    });
    fakes.collect()
}

fn drawn(case: &Case, count: usize) -> Vec<Plan> {
    let starts = case.whole_ms_each("starts", count, 50);
    let stops = case.whole_ms_each("stops", count, 50);
    let times = starts.into_iter().zip(stops);
    times.map(|(start, stop)| Plan::of(start, stop)).collect()
}

/// What limits each stop.
#[derive(Clone, Copy, PartialEq)]
enum Limits {
    /// What the contract says.
    Each,
    /// The mistakes.
    AllTogether,
    TimeIsSaved,
    ZeroIsNone,
    ZeroSkips,
    NotExactly,
    FirstEndsAll,
}

/// What should happen, and when. `None` is a shutdown before the call.
struct Expected {
    calls: Vec<(Duration, Event)>,
    ended: Ended,
    at: Duration,
}

impl Expected {
    fn of(plans: &[Plan], shutdown: Option<Duration>, limit: Duration) -> Self {
        Self::with(plans, shutdown, limit, Limits::Each)
    }

    fn with(plans: &[Plan], shutdown: Option<Duration>, limit: Duration, limits: Limits) -> Self {
        let (mut calls, mut ended) = (Vec::new(), Ended::default());
        let (mut now, mut started) = (Duration::ZERO, 0);
        for (index, plan) in plans.iter().enumerate() {
            if shutdown.is_none_or(|at| at < now) {
                break;
            }
            calls.push((now, Event::Start(index)));
            now += plan.start;
            if let Some(error) = &plan.start_error {
                ended.start_error = Some(error.clone());
                break;
            }
            calls.push((now, Event::Started(index)));
            started += 1;
        }
        if ended.start_error.is_none() {
            now = now.max(shutdown.unwrap_or_default());
        }
        let mut given = Duration::ZERO;
        let from = now;
        for (index, plan) in plans.iter().enumerate().take(started).rev() {
            given = given.saturating_add(limit);
            let limit = match limits {
                Limits::AllTogether => (from + limit).saturating_sub(now),
                Limits::TimeIsSaved => (from + given).saturating_sub(now),
                Limits::ZeroIsNone if limit.is_zero() => 10 * LONG,
                _ => limit,
            };
            if limits == Limits::ZeroSkips && limit.is_zero() {
                ended.stop_errors.push((index, StopError::TimedOut));
                continue;
            }
            calls.push((now, Event::Stop(index)));
            if plan.stop > limit
                || limits == Limits::NotExactly && plan.stop == limit && !limit.is_zero()
            {
                now += limit;
                calls.push((now, Event::StopCut(index)));
                ended.stop_errors.push((index, StopError::TimedOut));
                if limits == Limits::FirstEndsAll {
                    break;
                }
                continue;
            }
            now += plan.stop;
            calls.push((now, Event::Stopped(index)));
            if let Some(error) = plan.stop_error.clone() {
                ended.stop_errors.push((index, StopError::Failed(error)));
            }
        }
        Self {
            calls,
            ended,
            at: now,
        }
    }

    /// The instants at which a start ends, at which a shutdown may be seen or not.
    fn start_ends(plans: &[Plan]) -> Vec<Duration> {
        let mut now = Duration::ZERO;
        let ends = plans.iter().map(|plan| {
            now += plan.start;
            now
        });
        ends.collect()
    }
}

fn word(event: &Event) -> String {
    match event {
        Event::Polled => "polled".to_owned(),
        Event::Start(index) => format!("start {index}"),
        Event::Started(index) => format!("{index} started"),
        Event::Stop(index) => format!("stop {index}"),
        Event::Stopped(index) => format!("{index} stopped"),
        Event::StartCut(index) => format!("start {index} dropped"),
        Event::StopCut(index) => format!("stop {index} dropped"),
        Event::Dropped(index) => format!("{index} dropped"),
    }
}

/// What an answer has done.
struct Seen {
    calls: Vec<(Duration, Event)>,
    dropped: Vec<usize>,
    ended: Option<Ended>,
    at: Duration,
}

impl Seen {
    fn of(log: &Log<Event>, ended: Option<Ended>) -> Self {
        let at = log.clock().elapsed();
        let (mut calls, mut dropped) = (Vec::new(), Vec::new());
        for (at, event) in log.entries() {
            match event {
                Event::Dropped(index) => dropped.push(index),
                call => calls.push((at, call)),
            }
        }
        Self {
            calls,
            dropped,
            ended,
            at,
        }
    }
}

/// Runs an answer whose shutdown is cancelled at this instant, or, if there is none, before the call.
async fn run(plans: &[Plan], shutdown: Option<Duration>, limit: Duration) -> Seen {
    let (log, token) = (Log::start(), CancellationToken::new());
    match shutdown {
        None => token.cancel(),
        Some(at) => {
            let token = token.clone();
            grading::spawn(async move {
                sleep(at).await;
                token.cancel();
            });
        }
    }
    let services = fakes(plans, &log);
    let ended = timeout(LONG, run_services(services, token, limit)).await;
    Seen::of(&log, ended.ok())
}

/// Compares all calls and their instants, and the result. `given` begins the sentence.
fn check_run(
    seen: &Seen,
    expected: &Expected,
    given: &str,
    usually: impl Into<Option<&'static str>>,
    read: &str,
) {
    let usually = usually.into();
    check(seen.calls == expected.calls, || {
        let at = first_difference(&seen.calls, &expected.calls);
        let cut_early = matches!(seen.calls.get(at), Some((_, Event::StopCut(_))));
        let usually = match usually {
            Some(IN_TURN) if cut_early => Some(CUT_EARLY),
            usually => usually,
        };
        Failure::new(format!(
            "{given}: {} should be followed by {}; it was followed by {}.",
            match at {
                0 => "the call".to_owned(),
                at => name_at(&expected.calls, at - 1),
            },
            name_at(&expected.calls, at),
            name_at(&seen.calls, at)
        ))
        .usually_if(usually)
        .read(read)
    });
    let returned = seen.ended.as_ref() == Some(&expected.ended) && seen.at == expected.at;
    check(returned, || {
        Failure::new(format!(
            "{given}: the result should be {:?} at {}; {}.",
            expected.ended,
            in_ms(expected.at),
            match &seen.ended {
                Some(ended) => format!("it was {ended:?} at {}", in_ms(seen.at)),
                None => "there was none".to_owned(),
            }
        ))
        .usually_if(usually)
        .read(read)
    });
}

fn first_difference(seen: &[(Duration, Event)], expected: &[(Duration, Event)]) -> usize {
    let same = seen.iter().zip(expected).take_while(|(a, b)| a == b);
    same.count()
}

/// `"stop 1" at 30 ms`
fn name_at(calls: &[(Duration, Event)], at: usize) -> String {
    match calls.get(at) {
        Some((at, event)) => format!("\"{}\" at {}", word(event), in_ms(*at)),
        None => "nothing".to_owned(),
    }
}

const CUT_EARLY: &str = "that a `stop` is dropped although its limit is not over. `stop_limit` is the limit of each service, from \
                         the call of its `stop` on, and not one for all of them.";

const IN_TURN: &str = "that services are started or stopped at the same time, or in another order. Each start waits for the \
                       one before it, and the last one to start is the first to stop.";

#[test]
fn starts_in_order_and_stops_in_reverse() {
    grade_cases(async |case| {
        let count = case.size("services", 1..=40);
        let plans = drawn(&case, count);
        let shutdown = ms(2_001) + case.whole_ms("shutdown 2001 ms +", 50);
        let seen = run(&plans, Some(shutdown), LONG).await;
        let expected = Expected::of(&plans, Some(shutdown), LONG);
        let given = format!(
            "{}, a shutdown at {}",
            plural(count, "service"),
            in_ms(shutdown)
        );
        check_run(&seen, &expected, &given, IN_TURN, STACK);
    });
}

#[test]
fn waits_for_the_shutdown_without_services() {
    grade(async || {
        let seen = run(&[], Some(ms(20)), LONG).await;
        check(
            seen.ended == Some(Ended::default()) && seen.at == ms(20),
            || {
                Failure::new(format!(
                "Without services it should return at the shutdown, at 20 ms; it returned at {}.",
                in_ms(seen.at)
            ))
            .usually(
                "that an empty list is a case of its own, or that the wait for the shutdown is part of a loop over the \
                 services.",
            )
            .read(STACK)
            },
        );
    });
}

#[test]
fn a_failed_start_stops_the_others() {
    grade_cases(async |case| {
        let before = case.size("started before", 0..=20);
        let after = case.size("after it", 0..=5);
        let mut plans = drawn(&case, before + 1 + after);
        plans[before].start_error = Some(case.text("error"));
        let shutdown = Some(ms(5_000));
        let seen = run(&plans, shutdown, LONG).await;
        let expected = Expected::of(&plans, shutdown, LONG);
        let stops = |calls: &[(Duration, Event)], index: usize| {
            calls.iter().any(|(_, event)| *event == Event::Stop(index))
        };
        let goes_on = |calls: &[(Duration, Event)]| {
            calls
                .iter()
                .any(|(_, event)| *event == Event::Start(before + 1))
        };
        let usually = if goes_on(&seen.calls)
            && seen.calls.starts_with(&expected.calls[..=2 * before])
        {
            "that other services are started although one has failed to start."
        } else if seen.calls.len() > expected.calls.len() && stops(&seen.calls, before) {
            "that the service that failed to start is stopped, too. Only those that have started are."
        } else if before > 0 && !stops(&seen.calls, before - 1) {
            "that a `?` leaves the function at the error, past the code that stops the services."
        } else if seen.at >= ms(5_000) {
            "that it waits for the shutdown although a service has failed to start."
        } else {
            IN_TURN
        };
        let given = format!("{before} of {} start, and the next one fails", plans.len());
        check_run(&seen, &expected, &given, usually, STACK);
    });
}

#[test]
fn a_shutdown_during_the_start() {
    grade_cases(async |case| {
        let count = case.size("services", 1..=20);
        let mut plans = drawn(&case, count);
        let slow = *case.pick("the last start takes longer by", &[ms(0), LONG / 2]);
        plans[count - 1].start += slow;
        let ends = Expected::start_ends(&plans);
        let mut shutdown = ms(1) + case.whole_ms("shutdown 1 ms +", 300);
        while ends.contains(&shutdown) {
            shutdown += ms(1);
        }
        let seen = run(&plans, Some(shutdown), ms(100)).await;
        let expected = Expected::of(&plans, Some(shutdown), ms(100));
        let started = |calls: &[(Duration, Event)]| {
            calls
                .iter()
                .filter(|(_, event)| matches!(event, Event::Start(_)))
                .count()
        };
        let ended = |calls: &[(Duration, Event)]| {
            calls
                .iter()
                .filter(|(_, event)| matches!(event, Event::Started(_)))
                .count()
        };
        let is_cut = |at| {
            let mut cuts = seen
                .calls
                .iter()
                .filter(|(_, event)| matches!(event, Event::StartCut(_)));
            cuts.any(|(cut, _)| *cut == at)
        };
        let usually = if started(&seen.calls) > started(&expected.calls) {
            "that the shutdown is not looked at between two starts."
        } else if ended(&seen.calls) < ended(&expected.calls) && is_cut(shutdown) {
            "that the start in progress is dropped at the shutdown. It may have half of what it needs by then, and it is not \
             stopped either."
        } else if seen
            .calls
            .iter()
            .any(|(_, event)| matches!(event, Event::StartCut(_)))
        {
            "that a start has a limit. It is awaited to its end."
        } else {
            IN_TURN
        };
        let given = format!(
            "Starts of {}, a shutdown at {}",
            list(plans.iter().map(|plan| in_ms(plan.start))),
            in_ms(shutdown)
        );
        check_run(&seen, &expected, &given, usually, STACK);
    });
}

#[test]
fn a_shutdown_before_the_call() {
    grade_cases(async |case| {
        let count = case.size("services", 0..=5);
        let plans = drawn(&case, count);
        let seen = run(&plans, None, LONG).await;
        let expected = Expected::of(&plans, None, LONG);
        check_run(
            &seen,
            &expected,
            "A shutdown before the call",
            "that the shutdown is looked at only after a start, or not before all services have started.",
            STACK,
        );
    });
}

#[test]
fn a_failed_stop_does_not_keep_the_others_from_stopping() {
    grade_cases(async |case| {
        let count = case.size("services", 1..=20);
        let mut plans = drawn(&case, count);
        for plan in &mut plans {
            let fails = *case.pick("stop", &[false, true]);
            plan.stop_error = fails.then(|| case.text("error"));
        }
        let shutdown = Some(ms(1_001));
        let seen = run(&plans, shutdown, LONG).await;
        let expected = Expected::of(&plans, shutdown, LONG);
        let errors = &expected.ended.stop_errors;
        let backwards = errors.iter().rev().cloned().collect::<Vec<_>>();
        let at_position = errors
            .iter()
            .map(|(index, error)| (count - 1 - index, error.clone()));
        let first = errors.iter().take(1).cloned().collect();
        let seen_errors = seen.ended.clone().unwrap_or_default().stop_errors;
        let usually = if seen.calls.len() < expected.calls.len() {
            Some("that an error of `stop` ends the loop. The others are stopped, too.")
        } else {
            explained(
                &[seen_errors],
                [
                    (
                        "that the errors are sorted by index. They are in the order in which the services were stopped.",
                        [backwards],
                    ),
                    (
                        "that an error has the position in the order of stopping. It has the index in `services`.",
                        [at_position.collect()],
                    ),
                    ("that only the first error is kept.", [first]),
                    ("that the errors of `stop` are lost.", [Vec::new()]),
                ],
            )
        };
        check_run(
            &seen,
            &expected,
            "Some services fail to stop",
            usually,
            STACK,
        );
    });
}

#[test]
fn each_stop_has_a_limit_of_its_own() {
    grade_cases(async |case| {
        let limit = case.whole_ms("limit", 50);
        let count = case.size("services", 1..=20);
        let plans: Vec<_> = (0..count)
            .map(|_| {
                let hangs = *case.pick("stop", &["in time", "at the limit", "late", "never"]);
                let stop = match hangs {
                    "in time" => limit.saturating_sub(ms(1)),
                    "at the limit" => limit,
                    "late" => limit + ms(1),
                    _ => 2 * LONG,
                };
                Plan::of(ms(1), stop)
            })
            .collect();
        let shutdown = Some(ms(500));
        let seen = run(&plans, shutdown, limit).await;
        let expected = Expected::of(&plans, shutdown, limit);
        let given = format!(
            "A limit of {} for each stop, stops of {}",
            in_ms(limit),
            list(plans.iter().map(|plan| match plan.stop {
                stop if stop > LONG => "any length".to_owned(),
                stop => in_ms(stop),
            }))
        );
        let is_right = seen.calls == expected.calls && seen.ended.as_ref() == Some(&expected.ended);
        let usually = match is_right {
            true => None,
            false => what_limits_the_stops().await,
        };
        check_run(&seen, &expected, &given, usually, EXACTLY);
    });
}

/// Which mistake explains what an answer does with stops that take less than the limit, as long, and longer.
async fn what_limits_the_stops() -> Option<&'static str> {
    let shutdown = Some(ms(500));
    let cases = [(5, &[1, 9, 3, 5, 6, 2][..]), (0, &[0, 4, 0])].map(|(limit, stops)| {
        let plans: Vec<_> = stops
            .iter()
            .map(|stop| Plan::of(ms(1), ms(*stop)))
            .collect();
        (ms(limit), plans)
    });
    let mut seen = Vec::new();
    for (limit, plans) in &cases {
        let run = run(plans, shutdown, *limit).await;
        seen.push((run.calls, run.ended.unwrap_or_default()));
    }
    let if_limited = |limits| {
        cases.clone().map(|(limit, plans)| {
            let expected = Expected::with(&plans, shutdown, limit, limits);
            (expected.calls, expected.ended)
        })
    };
    let mistakes = [
        (
            "that one limit is used for all stops. It begins again with each of them.",
            Limits::AllTogether,
        ),
        (
            "that the time which one stop has left is given to the next. Each has the limit, and no more.",
            Limits::TimeIsSaved,
        ),
        (
            "that a limit of zero is taken for no limit.",
            Limits::ZeroIsNone,
        ),
        (
            "that `stop` is not polled if the limit is zero. It is polled once.",
            Limits::ZeroSkips,
        ),
        (
            "that a stop which takes too long ends the loop. The others are stopped, too.",
            Limits::FirstEndsAll,
        ),
    ];
    explained(&seen, mistakes.map(|(meaning, limits)| (meaning, if_limited(limits)))).or_else(|| {
        let [(_, long), _] = &cases;
        let expected = Expected::with(long, shutdown, ms(5), Limits::NotExactly);
        (seen[0].1 == expected.ended).then_some(
            "that the timer is looked at before the stop. One that is ready exactly at its limit is in time.",
        )
    })
}

#[test]
fn runs_any_services() {
    grade_cases(async |case| {
        let count = case.size("services", 1..=12);
        let limit = match case.pick("limit", &["some ms", "`Duration::MAX`"]) {
            &"some ms" => case.whole_ms("limit", 60),
            _ => Duration::MAX,
        };
        let mut plans = drawn(&case, count);
        for plan in &mut plans {
            let fails = *case.pick("fails", &["never", "to stop", "never", "never", "to start"]);
            plan.stop_error = (fails == "to stop").then(|| case.text("error"));
            plan.start_error = (fails == "to start").then(|| case.text("error"));
        }
        let mut shutdown = ms(1) + case.whole_ms("shutdown 1 ms +", 800);
        while Expected::start_ends(&plans).contains(&shutdown) {
            shutdown += ms(1);
        }
        let seen = run(&plans, Some(shutdown), limit).await;
        let expected = Expected::of(&plans, Some(shutdown), limit);
        check_run(
            &seen,
            &expected,
            "Any services",
            (seen.calls == expected.calls
                && expected.ended.start_error.is_some()
                && seen
                    .ended
                    .as_ref()
                    .is_some_and(|ended| ended.start_error.is_none()))
            .then_some(
                "that the error of a start is lost if the shutdown comes during that start.",
            ),
            STACK,
        );
        let in_reverse = seen.dropped.iter().copied().eq((0..count).rev());
        let failed = plans.iter().position(|plan| plan.start_error.is_some());
        check_drops(in_reverse, &seen.dropped, failed, "When it returns");
    });
}

/// `failed` is the service that fails to start, if there is one.
fn check_drops(in_reverse: bool, dropped: &[usize], failed: Option<usize>, when: &str) {
    let others = dropped.iter().filter(|index| Some(**index) != failed);
    let only_failed = failed.is_some() && others.rev().is_sorted();
    check(in_reverse, || {
        Failure::new(format!(
            "{when}, all services should be dropped in reverse order; they were dropped in the order {}.",
            list(dropped.iter().map(usize::to_string))
        ))
        .usually(if only_failed && dropped.len() > 2 {
            "that a service which has failed to start is dropped at once, before those behind it."
        } else if only_failed {
            "that a `Vec` drops them, which begins at the front, or that a service which has failed to start is dropped at once, \
             before those behind it. Pop them, also in a destructor."
        } else if dropped.is_sorted() {
            "that a `Vec` drops them: it begins at the front. Pop them, also in a destructor."
        } else {
            "that some of them are dropped by a `Vec` or its iterator, which begin at the front. Pop them, also in a destructor."
        })
        .read(ORDER)
    });
}

#[test]
fn drops_in_reverse_when_dropped() {
    drop_at_every_await(
        async || {
            let (log, token) = (Log::start(), CancellationToken::new());
            let cancel = token.clone();
            grading::spawn(async move {
                sleep(ms(70)).await;
                cancel.cancel();
            });
            let plans = [10, 20, 30].map(|time| Plan::of(ms(time), ms(time)));
            let services = fakes(&plans, &log);
            let for_answer = log.clone();
            let answer = async move {
                for_answer.add(Event::Polled);
                run_services(services, token, LONG).await
            };
            (answer, log)
        },
        async |log| {
            let before = log.entries().len();
            sleep(ms(500)).await;
            let seen = Seen::of(&log, None);
            let plans = [10, 20, 30].map(|time| Plan::of(ms(time), ms(time)));
            let mut expected = Expected::of(&plans, Some(ms(70)), LONG).calls;
            expected.retain(|(_, event)| matches!(event, Event::Stop(_)));
            let is_stop = |(_, event): &&(Duration, Event)| matches!(event, Event::Stop(_));
            let stops: Vec<_> = seen.calls.iter().filter(is_stop).copied().collect();
            check(expected.starts_with(&stops), || {
                Failure::new(format!(
                    "When the future is dropped, no service is stopped any more; there was {}, where no more than {} is expected.",
                    shown(&stops, word),
                    shown(&expected, word)
                ))
                .usually("that a destructor calls `stop`, and polls it.")
                .read(ORDER)
            });
            let in_reverse = seen.dropped == [2, 1, 0] || log.count(&Event::Polled) == 0;
            check_drops(
                in_reverse,
                &seen.dropped,
                None,
                "When the future is dropped",
            );
            let after = log.entries().len() - before;
            check(after == 0, || {
                Failure::new(format!(
                    "When the future is dropped, no service is stopped any more; after the drop there was {}.",
                    shown(&log.entries()[before..], word)
                ))
                .usually("that the services are in a task, which runs on.")
                .read("gather-pitfalls.html#spawned-tasks-run-on")
            });
        },
    );
}
