//! `fetch`: a request with four limits, and the one that ended it.

use std::future::poll_fn;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use super::*;
use exercises::scraper::{Connection, FetchError, Response, Timeouts, Upstream, fetch as answer};

#[path = "fetch_model.rs"]
mod model;

use model::{Mistake, Outcome, Plan, Step};

/// What the server sees, in order. Clones share it.
#[derive(Clone)]
struct Seen {
    clock: Clock,
    /// When the future is polled.
    pause: Duration,
    calls: Arc<Mutex<Vec<(Duration, String)>>>,
    /// How many calls were ready.
    ready: Arc<AtomicUsize>,
    /// Connections that are open, or being opened.
    open: Gauge,
}

impl Seen {
    fn start(pause: Duration) -> Self {
        Self {
            clock: Clock::start(),
            pause,
            calls: Arc::default(),
            ready: Arc::default(),
            open: Gauge::new(),
        }
    }

    fn called(&self, call: String) {
        lock(&self.calls).push((self.elapsed(), call));
    }

    /// The time since the future was polled.
    fn elapsed(&self) -> Duration {
        self.clock.elapsed().saturating_sub(self.pause)
    }

    fn calls(&self) -> Vec<(Duration, String)> {
        lock(&self.calls).clone()
    }
}

/// A server that does what a plan says.
struct Server {
    plan: Plan,
    seen: Seen,
}

struct Conn {
    request: Step<u16>,
    chunks: std::vec::IntoIter<Step<Option<Vec<u8>>>>,
    seen: Seen,
    _open: InFlight,
}

impl Upstream for Server {
    type Connection = Conn;

    async fn connect(&self) -> io::Result<Conn> {
        self.seen.called("connect".to_owned());
        let open = self.seen.open.enter();
        self.plan.connect.done(&self.seen).await?;
        Ok(Conn {
            request: self.plan.request.clone(),
            chunks: self.plan.chunks.clone().into_iter(),
            seen: self.seen.clone(),
            _open: open,
        })
    }
}

impl Connection for Conn {
    async fn request(&mut self, path: &str) -> io::Result<u16> {
        self.seen.called(format!("request {path}"));
        self.request.done(&self.seen).await
    }

    async fn chunk(&mut self) -> io::Result<Option<Bytes>> {
        self.seen.called("chunk".to_owned());
        let chunk = match self.chunks.next() {
            Some(step) => step.done(&self.seen).await?,
            None => None,
        };
        Ok(chunk.map(Bytes::from))
    }
}

impl<T: Clone> Step<T> {
    async fn done(&self, seen: &Seen) -> io::Result<T> {
        take(self.takes).await;
        seen.ready.fetch_add(1, SeqCst);
        self.result.clone().map_err(io::Error::from)
    }
}

/// Runs the answer. The second part is how often it was pending after all calls of the exchange were ready.
async fn run(plan: &Plan, timeouts: Timeouts) -> (Outcome, usize) {
    let seen = Seen::start(plan.pause);
    let server = Server {
        plan: plan.clone(),
        seen: seen.clone(),
    };
    let all = plan.calls_that_are_ready(timeouts);
    let mut late = 0;
    let mut fetching = Box::pin(answer(&server, &plan.path, timeouts));
    take(plan.pause).await;
    let fetching = poll_fn(|cx| {
        let result = fetching.as_mut().poll(cx);
        let is_known = all == Some(seen.ready.load(SeqCst));
        late += usize::from(is_known && result.is_pending());
        result
    });
    let result = timeout(plan.longest(), fetching).await;
    let outcome = Outcome {
        calls: seen.calls(),
        result: match result {
            Ok(Ok(Response { status, body })) => Ok((status, body)),
            Ok(Err(FetchError::TimedOut(limit))) => Err(format!("TimedOut({limit:?})")),
            Ok(Err(FetchError::Io(error))) => Err(format!("Io({:?})", error.kind())),
            Err(_) => Err("nothing".to_owned()),
        },
        at: seen.elapsed(),
    };
    (outcome, late)
}

/// Compares the calls, their instants, and the result with what the contract says.
async fn check_run(plan: &Plan, timeouts: Timeouts, page: &'static str) {
    let (seen, late) = run(plan, timeouts).await;
    let expected = plan.outcome(timeouts, None);
    if seen == expected {
        check(late == 0, || {
            Failure::new(format!(
                "{}. When the last call is ready, the result should be returned in the same poll; the future was pending {} after that.",
                plan.told(),
                times(late)
            ))
            .usually("that something is awaited when the exchange is over.")
            .read(TIMEOUTS)
        });
        return;
    }
    let cause = cause().await;
    let is_limit =
        |outcome: &Outcome| matches!(&outcome.result, Err(error) if error.starts_with("TimedOut("));
    let is_total = seen.result == Err("TimedOut(Total)".to_owned());
    let is_tie = seen.at == expected.at && is_total && is_limit(&expected);
    check(false, || {
        Failure::new(format!(
            "{}, with the limits {}. {}.",
            plan.told(),
            model::told(timeouts),
            seen.differs_from(&expected)
        ))
        .usually_if(match cause {
            None if is_tie => Some(TOTAL_FIRST),
            cause => cause.map(Mistake::meaning),
        })
        .read(cause.map_or(page, Mistake::page))
    });
}

/// The one mistake that explains what the answer does with a few fixed plans.
async fn cause() -> Option<Mistake> {
    let probes = model::probes();
    let mut seen = Vec::new();
    for (plan, timeouts) in &probes {
        seen.push(run(plan, *timeouts).await.0);
    }
    let explains = |mistake: &&Mistake| {
        let outcomes = probes.iter();
        let outcomes = outcomes.map(|(plan, timeouts)| plan.outcome(*timeouts, Some(**mistake)));
        outcomes.eq(seen.iter().cloned())
    };
    Mistake::ALL.iter().find(explains).copied()
}

const LEAKED: &str = "that the future does not own the connection: a task has it, which runs on, or it was leaked, as with \
                      `mem::forget` and `ManuallyDrop`.";

const TOTAL_FIRST: &str = "that `total` is looked at before the limit of the call. If both are up at the same instant, the error names the \
                           limit of the call.";

const NONE: Timeouts = Timeouts {
    connect: Duration::MAX,
    first_byte: Duration::MAX,
    idle: Duration::MAX,
    total: Duration::MAX,
};

/// A response without errors.
fn drawn(case: &Case, most_ms: u64) -> Plan {
    let chunks = case.size("chunks", 0..=20);
    let waits = case.whole_ms_each("chunks take", chunks + 1, most_ms);
    let sizes = case.numbers("chunk sizes", chunks, 9);
    let mut byte = 0;
    let chunk = |(wait, size): (&Duration, &u64)| {
        let bytes = (0..*size).map(|_| {
            byte += 1;
            byte
        });
        Step::ready(*wait, Some(bytes.collect()))
    };
    let mut body: Vec<_> = waits.iter().zip(&sizes).map(chunk).collect();
    body.push(Step::ready(waits[chunks], None));
    Plan {
        pause: Duration::ZERO,
        path: format!(
            "{}{}",
            case.pick("path begins with", &["/", "", "//"]),
            case.text("path")
        ),
        connect: Step::ready(case.whole_ms("connect takes", most_ms), ()),
        request: Step::ready(
            case.whole_ms("the first byte takes", most_ms),
            *case.pick(
                "status",
                &[200, 404, 500, 301, 429, 204, 205, 304, 206, 103],
            ),
        ),
        chunks: body,
    }
}

#[test]
fn returns_the_response() {
    grade_cases(async |case| {
        let mut plan = drawn(&case, 50);
        plan.chunks[0].takes += case.long_time("the first chunk takes longer by");
        check_run(&plan, NONE, TIMEOUTS).await;
    });
}

#[test]
fn each_call_has_a_limit() {
    grade_cases(async |case| {
        let plan = drawn(&case, 60);
        let timeouts = Timeouts {
            connect: case.whole_ms("connect limit", 80),
            first_byte: case.whole_ms("first byte limit", 80),
            idle: case.whole_ms("idle limit", 80),
            total: Duration::MAX,
        };
        check_run(&plan, timeouts, TIMEOUTS).await;
    });
}

#[test]
fn the_total_limits_everything() {
    grade_cases(async |case| {
        let mut plan = drawn(&case, 60);
        plan.pause = case.whole_ms("polled after", 100);
        let limit = match *case.pick("other limits", &["Duration::MAX", "40 ms", "60 ms"]) {
            "40 ms" => ms(40),
            "60 ms" => ms(60),
            _ => Duration::MAX,
        };
        let timeouts = Timeouts {
            connect: limit,
            first_byte: limit,
            idle: limit,
            total: case.whole_ms("total limit", 400),
        };
        check_run(&plan, timeouts, EACH_AND_ALL).await;
    });
}

#[test]
fn a_limit_of_a_call_comes_before_the_total() {
    grade_cases(async |case| {
        let mut plan = drawn(&case, 20);
        let limit = ms(20) + case.whole_ms("each limit is 20 ms +", 20);
        let before = match *case.pick("slow", &["connect", "first byte", "chunk"]) {
            "connect" => {
                plan.connect.takes += limit + ms(1);
                Duration::ZERO
            }
            "first byte" => {
                plan.request.takes += limit + ms(1);
                plan.connect.takes
            }
            _ => {
                plan.chunks[0].takes += limit + ms(1);
                plan.connect.takes + plan.request.takes
            }
        };
        let timeouts = Timeouts {
            connect: limit,
            first_byte: limit,
            idle: limit,
            total: before + limit,
        };
        check_run(&plan, timeouts, EACH_AND_ALL).await;
    });
}

#[test]
fn a_call_that_is_ready_at_its_limit_is_in_time() {
    grade_cases(async |case| {
        let mut plan = drawn(&case, 0);
        let limit = case.whole_ms("each call takes", 20);
        for chunk in &mut plan.chunks {
            chunk.takes = limit;
        }
        plan.connect.takes = limit;
        plan.request.takes = limit;
        let all = limit * u32::try_from(plan.chunks.len() + 2).unwrap_or(u32::MAX);
        let timeouts = Timeouts {
            connect: limit,
            first_byte: limit,
            idle: limit,
            total: match *case.pick("total", &["the sum", "Duration::MAX"]) {
                "the sum" => all,
                _ => Duration::MAX,
            },
        };
        check_run(&plan, timeouts, EXACTLY).await;
    });
}

#[test]
fn returns_the_first_error() {
    grade_cases(async |case| {
        let mut plan = drawn(&case, 30);
        let kinds = [
            io::ErrorKind::ConnectionReset,
            io::ErrorKind::ConnectionRefused,
            io::ErrorKind::TimedOut,
            io::ErrorKind::UnexpectedEof,
            io::ErrorKind::Interrupted,
            io::ErrorKind::WouldBlock,
        ];
        let kind = *case.pick("error", &kinds);
        match case.size("at call", 0..=6) {
            0 => plan.connect.result = Err(kind),
            1 => plan.request.result = Err(kind),
            at => {
                let last = plan.chunks.len() - 1;
                plan.chunks[(at - 2).min(last)].result = Err(kind);
            }
        }
        check_run(&plan, NONE, ERRORS).await;
    });
}

#[test]
fn closes_the_connection_before_it_returns() {
    grade_cases(async |case| {
        let mut plan = drawn(&case, 30);
        if *case.pick("fails", &[false, true]) {
            plan.chunks[0].result = Err(io::ErrorKind::ConnectionReset);
        }
        let timeouts = Timeouts {
            connect: case.whole_ms("connect limit", 60),
            first_byte: case.whole_ms("first byte limit", 60),
            idle: case.whole_ms("idle limit", 60),
            total: case.whole_ms("total limit", 200),
        };
        let seen = Seen::start(Duration::ZERO);
        let server = Server {
            plan: plan.clone(),
            seen: seen.clone(),
        };
        let tasks = Tasks::baseline();
        let (_, finished) =
            await_and_keep(timeout(LONG, answer(&server, &plan.path, timeouts))).await;
        let open = seen.open.now();
        drop(finished);
        check(open == 0, || {
            Failure::new(format!(
                "{}, with the limits {}. When it has returned, no connection should be open; {open} is.",
                plan.told(),
                model::told(timeouts)
            ))
            .usually(LEAKED)
            .read(RUNS_ON)
        });
        tasks.check_none_left_behind().await;
    });
}

#[test]
fn closes_the_connection_when_it_is_dropped() {
    drop_at_every_await(
        async || {
            let plan = Plan {
                pause: Duration::ZERO,
                path: "/a".to_owned(),
                connect: Step::ready(ms(5), ()),
                request: Step::ready(ms(5), 200),
                chunks: vec![
                    Step::ready(ms(5), Some(vec![1])),
                    Step::ready(ms(5), Some(vec![2])),
                    Step::ready(ms(5), None),
                ],
            };
            let seen = Seen::start(Duration::ZERO);
            let server = Server {
                plan,
                seen: seen.clone(),
            };
            let tasks = Tasks::baseline();
            let call = async move { answer(&server, "/a", NONE).await.is_ok() };
            (call, (seen, tasks))
        },
        async |(seen, tasks)| {
            let open = seen.open.now();
            check(open == 0, || {
                Failure::new(format!(
                    "When the future is dropped, no connection should be open; {open} is."
                ))
                .usually(LEAKED)
                .read(RUNS_ON)
            });
            tasks.check_none_left_behind().await;
        },
    );
}
