//! `hedge`: when the second request is sent, which result counts, and what is left.

use std::cell::{Cell, RefCell};

use super::*;
use exercises::resilience::hedge as answer;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Request {
    takes: Duration,
    is_ok: bool,
}

#[derive(Debug, Clone, Copy)]
struct Plan {
    delay: Duration,
    requests: [Request; 2],
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Outcome {
    sent_at: Vec<Duration>,
    /// The number of the request, from 0
    result: Option<Result<usize, usize>>,
    at: Duration,
    /// Requests that were sent before the first poll
    early: usize,
    /// Requests that had ended and were not dropped while another one went on
    kept: usize,
    /// Requests that were not dropped when it returned
    left: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mistake {
    BothAtOnce,
    NoSecondRequest,
    TimerFirst,
    FailureEndsIt,
    FailureWaitsForTheDelay,
    FirstResultWins,
    DropsTheFirst,
    WaitsForTheFirst,
    ErrorOfTheFirst,
    ErrorThatCameFirst,
    SecondWinsATie,
    SendsBeforeThePoll,
    CutsALongDelay,
    KeepsTheEnded,
    KeepsTheLoser,
}

use Mistake::*;

impl Mistake {
    const ALL: &[Self] = &[
        BothAtOnce,
        NoSecondRequest,
        TimerFirst,
        FailureEndsIt,
        FailureWaitsForTheDelay,
        FirstResultWins,
        DropsTheFirst,
        WaitsForTheFirst,
        ErrorOfTheFirst,
        ErrorThatCameFirst,
        SecondWinsATie,
        SendsBeforeThePoll,
        KeepsTheLoser,
    ];

    fn meaning(self) -> &'static str {
        match self {
            BothAtOnce => {
                "that both requests are sent at once. That doubles the traffic; a hedge sends the second one only when the first one is slow."
            }
            NoSecondRequest => "that no second request is sent.",
            TimerFirst => {
                "that the timer is polled before the first request. A success exactly at `delay` is in time."
            }
            FailureEndsIt => {
                "that a first request which fails before `delay` ends the call. The second request may succeed."
            }
            FailureWaitsForTheDelay => {
                "that the second request waits for `delay` although the first one has failed. It has nothing to wait for."
            }
            FirstResultWins => {
                "that the first result is returned, also if it is an error: `select!` returns what is ready first. The other request may succeed."
            }
            DropsTheFirst => {
                "that the first request is dropped when the second one is sent, as with `timeout`. That is a retry: a hedge keeps both."
            }
            WaitsForTheFirst => {
                "that the second result is looked at only when the first request has ended."
            }
            ErrorOfTheFirst => {
                "that the error of the first request is returned. It is that of the one that failed last."
            }
            ErrorThatCameFirst => {
                "that the error that came first is returned. It is that of the request that failed last."
            }
            SecondWinsATie => "that the second request is polled before the first one.",
            SendsBeforeThePoll => {
                "that the first request is sent when `hedge` is called. A future does nothing before its first poll."
            }
            CutsALongDelay => {
                "that a long delay is cut. However long it is, the second request is not sent before it is over."
            }
            KeepsTheEnded => {
                "that a request which has failed is still in a variable while the other one is awaited. Drop it before that."
            }
            KeepsTheLoser => {
                "that the loser is not dropped when the function returns: it was leaked, or belongs to a part of the future that lives on."
            }
        }
    }

    fn page(self) -> &'static str {
        match self {
            TimerFirst => EXACTLY,
            SendsBeforeThePoll => FIRST_POLL,
            KeepsTheLoser => RUNS_ON,
            _ => HEDGE,
        }
    }
}

impl Plan {
    fn outcome(&self, mistake: Option<Mistake>) -> Outcome {
        let has = |other| mistake == Some(other);
        let [first, second] = self.requests;
        let zero = Duration::ZERO;
        let early = usize::from(has(SendsBeforeThePoll));
        let end = |sent_at, result, at, left| Outcome {
            sent_at,
            result: Some(result),
            at,
            early,
            kept: 0,
            left,
        };
        let in_time = match mistake {
            Some(TimerFirst) => first.takes < self.delay,
            Some(BothAtOnce) => false,
            Some(NoSecondRequest) => true,
            _ => first.takes <= self.delay,
        };
        if in_time && (first.is_ok || has(FailureEndsIt) || has(NoSecondRequest)) {
            let result = if first.is_ok { Ok(0) } else { Err(0) };
            return end(vec![zero], result, first.takes, 0);
        }
        let sent = match mistake {
            Some(BothAtOnce) => zero,
            Some(FailureWaitsForTheDelay) => self.delay,
            _ if in_time => first.takes,
            _ => self.delay,
        };
        let sent_at = vec![zero, sent];
        let second_at = sent.saturating_add(second.takes);
        let first_at = first.takes;
        let first_is_over = in_time && !first.is_ok;
        if (has(DropsTheFirst) || has(FirstResultWins)) && (first_is_over || has(DropsTheFirst)) {
            let result = if second.is_ok { Ok(1) } else { Err(1) };
            return end(sent_at, result, second_at, 0);
        }
        if has(FirstResultWins) {
            let (at, n, ok) = if first_at <= second_at {
                (first_at, 0, first.is_ok)
            } else {
                (second_at, 1, second.is_ok)
            };
            return end(sent_at, if ok { Ok(n) } else { Err(n) }, at, 0);
        }
        let (result, at) = match (first.is_ok, second.is_ok) {
            (true, true) if has(WaitsForTheFirst) => (Ok(0), first_at),
            (true, true) if first_at == second_at && has(SecondWinsATie) => (Ok(1), second_at),
            (true, true) if first_at <= second_at => (Ok(0), first_at),
            (true, true) => (Ok(1), second_at),
            (true, false) => (Ok(0), first_at),
            (false, true) if has(WaitsForTheFirst) => (Ok(1), second_at.max(first_at)),
            (false, true) => (Ok(1), second_at),
            (false, false) => {
                let is_first_last =
                    first_at > second_at || first_at == second_at && has(SecondWinsATie);
                let last = usize::from(!is_first_last);
                let error = match mistake {
                    Some(ErrorOfTheFirst) => 0,
                    Some(ErrorThatCameFirst) if !first_is_over => 1 - last,
                    Some(WaitsForTheFirst) => 1,
                    _ => last,
                };
                (Err(error), first_at.max(second_at))
            }
        };
        let has_loser = match result {
            Ok(0) => second_at >= at,
            Ok(_) => first_at > at,
            Err(_) => false,
        };
        let left = usize::from(has(KeepsTheLoser) && has_loser);
        end(sent_at, result, at, left)
    }

    fn told(&self) -> String {
        let shown = self.requests.map(|request| {
            let end = if request.is_ok { "succeeds" } else { "fails" };
            format!("{end} after {}", in_ms(request.takes))
        });
        let delay = match self.delay {
            Duration::MAX => "Duration::MAX".to_owned(),
            delay => in_ms(delay),
        };
        format!(
            "With a delay of {delay}, a first request that {}, and a second one that {}",
            shown[0], shown[1]
        )
    }
}

/// The second part is how often the answer was pending when its result was known.
async fn run(plan: &Plan) -> (Outcome, usize) {
    let clock = Clock::start();
    let (sent_at, ready, gauge) = (RefCell::new(Vec::new()), Cell::new(0), Gauge::new());
    let since_the_first_poll = || clock.elapsed().saturating_sub(CALLED_EARLIER);
    let request = || {
        let number = sent_at.borrow().len();
        sent_at.borrow_mut().push(since_the_first_poll());
        let ready = &ready;
        let request = plan.requests[number.min(1)];
        gauge.hold(async move {
            take(request.takes).await;
            ready.set(ready.get() + 1);
            if request.is_ok {
                Ok(number)
            } else {
                Err(number)
            }
        })
    };
    let expected = plan.outcome(None);
    let is_known = || {
        expected.at == since_the_first_poll()
            && (expected.result.is_some_and(|result| result.is_ok()) && ready.get() > 0
                || ready.get() == 2)
    };
    let is_first_only = expected.sent_at.len() == 1;
    let is_known = || {
        is_known()
            && (is_first_only
                || sent_at.borrow().len() == 2
                    && expected.result.is_some_and(|result| result.is_err()))
    };
    let kept = Cell::new(0);
    let mut answer = Box::pin(answer(plan.delay, request));
    let mut watched = Box::pin(poll_fn(|cx| {
        let result = answer.as_mut().poll(cx);
        if result.is_pending() {
            let in_progress = sent_at.borrow().len() - ready.get();
            kept.set(kept.get().max(gauge.now().saturating_sub(in_progress)));
        }
        result
    }));
    let early = sent_at.borrow().len();
    sleep(CALLED_EARLIER).await;
    let call = pending_when_known(is_known, watched.as_mut());
    let ended = timeout(expected.at.saturating_add(LONG), call).await;
    drop(watched);
    let left = if ended.is_ok() { gauge.now() } else { 0 };
    let at = since_the_first_poll();
    drop(answer);
    let late = ended.as_ref().map_or(0, |(_, late)| *late);
    let outcome = Outcome {
        sent_at: sent_at.borrow().clone(),
        result: ended.ok().map(|(result, _)| result),
        at,
        early,
        kept: kept.get(),
        left,
    };
    (outcome, late)
}

async fn check_plan(plan: &Plan, page: &'static str) {
    let (seen, late) = run(plan).await;
    let expected = plan.outcome(None);
    if seen == expected {
        check(late == 0, || {
            Failure::new(format!(
                "{}, the result should be returned in the poll in which it is ready; the future was pending {} after that.",
                plan.told(),
                times(late)
            ))
            .usually("that something is awaited when the result is known.")
            .read(HEDGE)
        });
        return;
    }
    let cause = cause(plan, &seen).await;
    let shown = |outcome: &Outcome| {
        let sent: Vec<_> = outcome.sent_at.iter().map(|at| in_ms(*at)).collect();
        let result = match outcome.result {
            Some(Ok(number)) => format!("the value of request {}", number + 1),
            Some(Err(number)) => format!("the error of request {}", number + 1),
            None => "nothing".to_owned(),
        };
        let left = match outcome.left {
            0 => String::new(),
            left => format!(", with {} not dropped", plural(left, "request")),
        };
        let kept = match outcome.kept {
            0 => String::new(),
            kept => format!(
                ", after it went on with {} that had ended and was not dropped",
                plural(kept, "request")
            ),
        };
        let early = match outcome.early {
            0 => "",
            _ => ", after a request was sent before its first poll",
        };
        let returned = format!("{result} at {}{left}{kept}{early}", in_ms(outcome.at));
        (list(sent.into_iter()), returned)
    };
    let ((should_send, should_return), (sent, returned)) = (shown(&expected), shown(&seen));
    check(false, || {
        Failure::new(format!(
            "{}, it should send requests at {should_send}, and return {should_return}. It sent requests at {sent}, and \
             returned {returned}.",
            plan.told()
        ))
        .usually_if(cause.map(Mistake::meaning))
        .read(cause.map_or(page, Mistake::page))
    });
}

async fn cause(plan: &Plan, seen: &Outcome) -> Option<Mistake> {
    let without_kept = Outcome {
        kept: 0,
        ..seen.clone()
    };
    if without_kept == plan.outcome(None) {
        return Some(KeepsTheEnded);
    }
    let expected = plan.outcome(None);
    let sent_early = match (seen.sent_at.get(1), expected.sent_at.get(1)) {
        (Some(seen), Some(expected)) => seen < expected,
        (seen, _) => seen.is_some(),
    };
    // What sends it at once, or makes no use of the delay, has done so in a shorter time.
    if sent_early && seen.sent_at.get(1) > Some(&LONG) {
        return Some(CutsALongDelay);
    }
    let (mut plans, mut all) = (vec![*plan], vec![seen.clone()]);
    for probe in probes() {
        all.push(run(&probe).await.0);
        plans.push(probe);
    }
    let explains = |mistake: &&Mistake| {
        let outcomes = plans.iter().map(|plan| plan.outcome(Some(**mistake)));
        outcomes.eq(all.iter().cloned())
    };
    Mistake::ALL.iter().find(explains).copied()
}

/// Plans in which each mistake shows.
fn probes() -> Vec<Plan> {
    let plan = |first: (u64, bool), second: (u64, bool)| Plan {
        delay: ms(50),
        requests: [first, second].map(|(takes, is_ok)| Request {
            takes: ms(takes),
            is_ok,
        }),
    };
    vec![
        plan((20, true), (5, true)),
        plan((50, true), (5, true)),
        plan((20, false), (5, true)),
        plan((90, true), (10, true)),
        plan((90, true), (10, false)),
        plan((60, false), (30, true)),
        plan((60, true), (30, true)),
        plan((60, true), (10, true)),
        plan((60, false), (30, false)),
        plan((90, false), (10, false)),
    ]
}

fn drawn_request(case: &Case, name: &str, is_ok: bool) -> Request {
    Request {
        takes: case.whole_ms(&format!("the {name} request takes"), 100),
        is_ok,
    }
}

fn drawn(case: &Case, are_ok: [bool; 2]) -> Plan {
    Plan {
        delay: case.whole_ms("delay", 60),
        requests: [
            drawn_request(case, "first", are_ok[0]),
            drawn_request(case, "second", are_ok[1]),
        ],
    }
}

fn drawn_ends(case: &Case) -> [bool; 2] {
    ["first", "second"]
        .map(|name| *case.pick(&format!("the {name} request succeeds"), &[true, false]))
}

#[test]
fn the_first_success_wins() {
    grade_cases(async |case| check_plan(&drawn(&case, [true, true]), HEDGE).await);
}

#[test]
fn one_failure_does_not_fail_both() {
    grade_cases(async |case| {
        let are_ok = match *case.pick("fails", &["the first", "the second"]) {
            "the first" => [false, true],
            _ => [true, false],
        };
        check_plan(&drawn(&case, are_ok), HEDGE).await;
    });
}

#[test]
fn returns_the_last_error() {
    grade_cases(async |case| check_plan(&drawn(&case, [false, false]), HEDGE).await);
}

/// Both are ready in the same millisecond, or the first one at the delay.
#[test]
fn ties_are_decided() {
    grade_cases(async |case| {
        let are_ok = drawn_ends(&case);
        let delay = case.whole_ms("delay", 60);
        let second = drawn_request(&case, "second", are_ok[1]);
        let takes = match *case.pick("tie", &["both requests", "the first and the delay"]) {
            "both requests" => delay + second.takes,
            _ => delay,
        };
        let first = Request {
            takes,
            is_ok: are_ok[0],
        };
        let plan = Plan {
            delay,
            requests: [first, second],
        };
        check_plan(&plan, EXACTLY).await;
    });
}

#[test]
fn a_request_may_take_any_time() {
    grade_cases(async |case| {
        let are_ok = drawn_ends(&case);
        let mut requests = [
            drawn_request(&case, "first", are_ok[0]),
            drawn_request(&case, "second", are_ok[1]),
        ];
        requests[0].takes += case.long_time("the first takes longer by");
        requests[1].takes += case.long_time("the second takes longer by");
        let delay = match *case.pick("delay", &["Duration::MAX", "none", "1 s", "long"]) {
            "Duration::MAX" => Duration::MAX,
            "none" => ms(0),
            "1 s" => ms(1_000),
            _ => case.long_time("as long as") + ms(1),
        };
        check_plan(&Plan { delay, requests }, HEDGE).await;
    });
}

#[test]
fn dropping_it_drops_both_requests() {
    drop_at_every_await(
        async || {
            let (gauge, tasks) = (Gauge::new(), Tasks::baseline());
            let running = gauge.clone();
            let call = async move {
                let request = || {
                    let running = running.clone();
                    async move {
                        let _running = running.enter();
                        sleep(ms(20)).await;
                        sleep(ms(20)).await;
                        Ok::<(), ()>(())
                    }
                };
                answer(ms(10), request).await.is_ok()
            };
            (call, (gauge, tasks))
        },
        async |(gauge, tasks)| {
            let running = gauge.now();
            check(running == 0, || {
                Failure::new(format!(
                    "When the future is dropped, no request should be in progress; {running} is."
                ))
                .usually(KeepsTheLoser.meaning())
                .read(RUNS_ON)
            });
            tasks.check_none_left_behind().await;
        },
    );
}
