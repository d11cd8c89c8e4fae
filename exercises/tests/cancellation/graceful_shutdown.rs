//! `graceful_shutdown`: a tree of tasks that ends in time, with no task left.

use super::*;
use exercises::cancellation::TaskCounts;
use futures::FutureExt;
use futures::future::BoxFuture;

/// Calls the answer with handlers of one type: the compiler makes a copy of the answer, and of the tasks that it spawns,
/// for each type.
async fn graceful_shutdown<F>(
    requests: &mut mpsc::Receiver<u32>,
    handle: impl Fn(u32, CancellationToken) -> F,
    shutdown: CancellationToken,
    grace: Duration,
) -> TaskCounts
where
    F: Future<Output = ()> + Send + 'static,
{
    type Handle<'h> = &'h dyn Fn(u32, CancellationToken) -> BoxFuture<'static, ()>;
    let handle: Handle = &|request, token| handle(request, token).boxed();
    exercises::cancellation::graceful_shutdown(requests, handle, shutdown, grace).await
}

/// A channel that holds these requests.
fn requests(numbers: impl IntoIterator<Item = u32>) -> (mpsc::Sender<u32>, mpsc::Receiver<u32>) {
    let (tx, rx) = mpsc::channel(5_000);
    for number in numbers {
        tx.try_send(number).expect("there is room");
    }
    (tx, rx)
}

/// A token that is cancelled at `time`.
fn cancelled_at(time: u64) -> CancellationToken {
    let shutdown = CancellationToken::new();
    let token = shutdown.clone();
    grading::spawn(async move {
        sleep(ms(time)).await;
        token.cancel();
    });
    shutdown
}

/// Handles a request in `work` ms. If it is cancelled before, it needs `cleanup` ms more.
async fn cooperative(
    log: Log,
    alive: Gauge,
    request: u32,
    token: CancellationToken,
    work: u64,
    cleanup: u64,
) {
    let _alive = alive.enter();
    log.record(format!("{request} starts"));
    tokio::select! {
        biased;
        () = sleep(ms(work)) => {}
        () = token.cancelled() => {
            log.record(format!("{request} cancelled"));
            sleep(ms(cleanup)).await;
        }
    }
    log.record(format!("{request} ends"));
}

/// Ignores its token.
async fn uncooperative(alive: Gauge) {
    let _alive = alive.enter();
    sleep(ms(100_000)).await;
}

fn check_counts(seen: TaskCounts, completed: usize, failed: usize) {
    let expected = TaskCounts { completed, failed };
    check(seen == expected, || {
        let report = Failure::new(format!(
            "The result should be {expected:?}; it was {seen:?}."
        ));
        if seen.completed == completed && seen.failed < failed {
            report.usually("that a join error is not counted as failed.")
        } else {
            report
        }
        .read(GRACEFUL)
    });
}

#[test]
fn handles_requests_concurrently() {
    grade(async || {
        let (_tx, mut requests) = requests(1..=4);
        let (log, alive) = (Log::start(), Gauge::new());
        let handle =
            |request, token| cooperative(log.clone(), alive.clone(), request, token, 10, 0);
        let counts = graceful_shutdown(&mut requests, handle, cancelled_at(50), ms(20)).await;
        let peak = alive.peak();
        check(peak == 4, || {
            let report = Failure::new(format!(
                "Four requests should be handled at the same time; at most {peak} were."
            ));
            if peak == 1 {
                report.usually("that a request is awaited in the loop. Spawn it.")
            } else {
                report
            }
            .read(TREE)
        });
        check_counts(counts, 4, 0);
    });
}

#[test]
fn returns_when_the_last_task_has_ended() {
    grade(async || {
        let (_tx, mut requests) = requests([5, 15, 10]);
        let (log, alive) = (Log::start(), Gauge::new());
        let handle = |request: u32, token| {
            let cleanup = request.into();
            cooperative(log.clone(), alive.clone(), request, token, 1000, cleanup)
        };
        let counts = graceful_shutdown(&mut requests, handle, cancelled_at(50), ms(200)).await;
        let returned = log.clock.elapsed();
        check(returned == ms(65), || {
            let report = Failure::new(format!(
                "The shutdown begins at 50 ms, and the slowest task needs 15 ms more. The function should return at 65 ms; \
                 it was at {}. Seen: {}.",
                in_ms(returned),
                log.describe()
            ));
            let cancelled = [5, 10, 15].map(|task| log.count(&format!("{task} cancelled")));
            if returned == ms(50) {
                report.usually("that the tasks are aborted, or no longer awaited, when the shutdown begins.")
            } else if returned == ms(250) && cancelled == [1; 3] {
                report.usually("that the answer waits for the whole grace period although all tasks have ended.")
            } else if cancelled == [0; 3] {
                report.usually("that the tasks' tokens are not cancelled.")
            } else {
                report
            }
            .read(GRACEFUL)
        });
        check_counts(counts, 3, 0);
    });
}

/// What comes of three tasks if two of them ignore their tokens, and when. The third one blocks the thread for
/// `real_time` when it is cancelled. The last number is how many have not ended when the function returns.
#[expect(
    clippy::disallowed_methods,
    reason = "only real time tells an answer that asks for it"
)]
async fn with_uncooperative_tasks(real_time: Duration) -> (TaskCounts, Duration, usize) {
    let (_tx, mut requests) = requests([1, 2, 3]);
    let (log, alive) = (Log::start(), Gauge::new());
    let handle = |request: u32, token: CancellationToken| {
        let (log, alive) = (log.clone(), alive.clone());
        async move {
            if request == 2 {
                cooperative(log, alive, request, token, 1000, 5).await;
                std::thread::sleep(real_time);
            } else {
                uncooperative(alive).await;
            }
        }
    };
    let counts = graceful_shutdown(&mut requests, handle, cancelled_at(50), ms(20)).await;
    // No other task has been polled since it returned.
    (counts, log.clock.elapsed(), alive.now())
}

#[test]
fn aborts_the_rest_after_the_grace_period() {
    grade(async || {
        let (counts, returned, left) = with_uncooperative_tasks(Duration::ZERO).await;
        if returned != ms(70) {
            let (_, blocked, _) = with_uncooperative_tasks(ms(30)).await;
            let report = Failure::new(format!(
                "Two tasks ignore their tokens. The function should return after the grace period, at 70 ms; it was at {}.",
                in_ms(returned)
            ));
            let report = if blocked != returned {
                report.usually(
                    "that the answer asks `std::time::Instant` for the time. When a task blocks the thread for 30 ms, it \
                     returns at another instant. Here only tokio's clock goes on: use `tokio::time::Instant`.",
                )
            } else if returned >= ms(100_000) {
                report.usually("that the wait for the tasks has no limit.")
            } else if returned == ms(50 + 20 + 5 + 20) {
                report.usually("that each task has a grace period of its own.")
            } else {
                report
            };
            check(false, || report.read(GRACEFUL));
        }
        check(left == 0, || {
            Failure::new(format!(
                "When the function returns, all tasks should have ended; {left} had not."
            ))
            .usually(
                "that the tasks are aborted but not awaited. `abort` only asks the runtime to drop the task; it is gone \
                 when its handle is ready.",
            )
            .read("tasks-joinset.html#aborted-tasks-are-not-gone-at-once")
        });
        check_counts(counts, 1, 2);
    });
}

#[test]
fn takes_no_request_after_the_shutdown() {
    // Often enough to find an answer that leaves it to chance.
    for _ in 0..20 {
        grade(async || {
            let (_tx, mut requests) = requests(0..300);
            let shutdown = CancellationToken::new();
            let (token, alive) = (shutdown.clone(), Gauge::new());
            let handle = |request, own_token| {
                if request == 9 {
                    token.cancel();
                }
                cooperative(Log::start(), alive.clone(), request, own_token, 1000, 0)
            };
            graceful_shutdown(&mut requests, handle, shutdown, ms(20)).await;
            let left = std::iter::from_fn(|| requests.try_recv().ok()).count();
            check(left == 290, || {
                let report = Failure::new(format!(
                    "300 requests are waiting, and the tenth cancels `shutdown`. 290 should stay in the channel; there \
                     were {}.",
                    if left < 290 { "fewer" } else { "more" }
                ));
                if left < 290 {
                    report.usually(if left == 0 {
                        "that requests which are waiting at the shutdown are still received: they are polled before \
                         the shutdown, or the channel is emptied."
                    } else {
                        "that requests and shutdown are polled in random order: while requests are waiting, the \
                         shutdown is not always noticed."
                    })
                } else {
                    report
                }
                .read(STARVATION)
            });
        });
    }
}

#[test]
fn a_task_cancels_only_itself() {
    grade(async || {
        let (_tx, mut requests) = requests([1, 2]);
        let (log, alive) = (Log::start(), Gauge::new());
        let (shutdown, is_a_clone) = (cancelled_at(100), std::cell::Cell::new(false));
        let handle = |request: u32, token: CancellationToken| {
            if request == 1 {
                token.cancel();
                is_a_clone.set(shutdown.is_cancelled());
            }
            cooperative(log.clone(), alive.clone(), request, token, 40, 0)
        };
        graceful_shutdown(&mut requests, handle, shutdown.clone(), ms(20)).await;
        let seen = (log.count("1 cancelled"), log.count("2 cancelled"));
        let at = log.clock.elapsed();
        check(seen == (1, 0) && at == ms(100), || {
            let report = Failure::new(format!(
                "The first task cancels its own token. It should be told so once, the second should not be told, and the \
                 function should return at 100 ms. The first was told {}, the second {}, and the function returned at {}. \
                 Seen: {}.",
                times(seen.0),
                times(seen.1),
                in_ms(at),
                log.describe()
            ));
            if is_a_clone.get() || log.times_of("2 cancelled").iter().any(|at| *at < ms(100)) {
                report.usually("that all tasks have clones of one token. A child token can be cancelled alone.")
            } else {
                report
            }
            .read(TREE)
        });
    });
}

#[test]
fn a_panic_counts_as_failed() {
    grade(async || {
        let (_tx, mut requests) = requests([1, 2]);
        let handle = |request, _token| async move {
            sleep(ms(10)).await;
            if request == 1 {
                std::panic::resume_unwind(Box::new("bad request"));
            }
        };
        let counts = graceful_shutdown(&mut requests, handle, cancelled_at(50), ms(20)).await;
        check_counts(counts, 1, 1);
    });
}

#[test]
fn waits_for_the_shutdown_when_the_channel_is_closed() {
    grade(async || {
        let (tx, mut requests) = requests([1]);
        drop(tx);
        let (log, alive) = (Log::start(), Gauge::new());
        let handle =
            |request, token| cooperative(log.clone(), alive.clone(), request, token, 10, 0);
        let answer = graceful_shutdown(&mut requests, handle, cancelled_at(50), ms(20));
        let spins = |at| {
            Failure::new(format!(
                "One request is waiting, and the channel is closed. At {} the future was polled 1000 times, and time could \
                 not go on.",
                in_ms(at)
            ))
            .usually(
                "that the closed channel is received from again and again: `recv` is ready at once, with `None`. The \
                 pattern `Some(..)` disables its branch when it does not match.",
            )
            .read(NO_MATCH)
        };
        without_spinning(answer, spins).await;
        let returned = log.clock.elapsed();
        check(returned == ms(50), || {
            let report = Failure::new(format!(
                "The channel is closed early, but the function should return after the shutdown, at 50 ms; it was at {}.",
                in_ms(returned)
            ));
            if returned < ms(50) {
                report.usually("that a closed channel is taken for the shutdown.")
            } else {
                report
            }
            .read(NO_MATCH)
        });
    });
}

#[test]
fn leaves_no_task_when_dropped() {
    drop_at_every_await(
        async || {
            let (tx, mut requests) = requests([1, 2, 3]);
            let (log, alive, shutdown) = (Log::start(), Gauge::new(), cancelled_at(30));
            let tasks = Tasks::baseline();
            let (handled, clock, token) = (alive.clone(), Clock::start(), shutdown.clone());
            let answer = async move {
                let _tx = tx;
                let handle = |request, token| {
                    cooperative(log.clone(), handled.clone(), request, token, 1000, 10)
                };
                graceful_shutdown(&mut requests, handle, shutdown, ms(5)).await
            };
            (answer, (tasks, alive, clock, token))
        },
        async |(tasks, alive, clock, token)| {
            let cancelled = token.is_cancelled() && clock.elapsed() < ms(30);
            check_nothing_left(tasks, &alive, "When the future is dropped,").await;
            check(!cancelled, || {
                Failure::new(
                    "When the future is dropped, its tasks are aborted. `shutdown` is the caller's, and should not be \
                     cancelled; it was.",
                )
                .read(TREE)
            });
        },
    );
}

#[test]
fn handles_a_request_when_it_arrives() {
    grade(async || {
        let (tx, mut requests) = requests([1]);
        grading::spawn(async move {
            for request in [2, 3] {
                sleep(ms(10)).await;
                let _ = tx.try_send(request);
            }
            sleep(ms(100)).await;
        });
        let (log, alive) = (Log::start(), Gauge::new());
        let handle = |request, token| cooperative(log.clone(), alive.clone(), request, token, 5, 0);
        let counts = graceful_shutdown(&mut requests, handle, cancelled_at(50), ms(20)).await;
        let starts = ["1 starts", "2 starts", "3 starts"].map(|event| log.times_of(event));
        check(starts == [[ms(0)], [ms(10)], [ms(20)]], || {
            let report = Failure::new(format!(
                "Requests arrive at 0, 10 and 20 ms, and the task of each should start then. Seen: {}.",
                log.describe()
            ));
            if starts == [vec![ms(0)], vec![], vec![]] {
                report.usually(
                    "that only the requests that are waiting at the beginning are handled.",
                )
            } else {
                report
            }
            .read(BRANCHES)
        });
        check_counts(counts, 3, 0);
    });
}

#[test]
fn a_request_that_arrives_with_the_shutdown_is_left() {
    // Often enough to find an answer that leaves it to chance.
    for _ in 0..20 {
        grade(async || {
            let (tx, mut requests) = requests([1]);
            let (log, alive, shutdown) = (Log::start(), Gauge::new(), CancellationToken::new());
            let token = shutdown.clone();
            grading::spawn(async move {
                sleep(ms(50)).await;
                token.cancel();
                let _ = tx.try_send(2);
                sleep(ms(50)).await;
            });
            let handle =
                |request, token| cooperative(log.clone(), alive.clone(), request, token, 1000, 0);
            graceful_shutdown(&mut requests, handle, shutdown, ms(20)).await;
            check(requests.try_recv() == Ok(2), || {
                Failure::new(format!(
                    "The shutdown begins at 50 ms, and then, at the same instant, a request arrives. It should stay in \
                     the channel; it was received. Seen: {}.",
                    log.describe()
                ))
                .usually(
                    "that the requests are polled before the shutdown, as `run_until_cancelled` does, or in random \
                     order.",
                )
                .read(STARVATION)
            });
        });
    }
}

#[test]
fn a_panic_does_not_shorten_the_grace_period() {
    grade(async || {
        let (_tx, mut requests) = requests([1, 2]);
        let (log, alive) = (Log::start(), Gauge::new());
        let handle = |request: u32, token: CancellationToken| {
            let (log, alive) = (log.clone(), alive.clone());
            async move {
                if request == 1 {
                    token.cancelled().await;
                    std::panic::resume_unwind(Box::new("bad request"));
                }
                cooperative(log, alive, request, token, 1000, 10).await;
            }
        };
        let counts = graceful_shutdown(&mut requests, handle, cancelled_at(50), ms(20)).await;
        let returned = log.clock.elapsed();
        check(returned == ms(60), || {
            let report = Failure::new(format!(
                "The shutdown begins at 50 ms. One task panics at once, and the other needs 10 ms more. The function \
                 should return at 60 ms; it was at {}.",
                in_ms(returned)
            ));
            if returned == ms(50) {
                report.usually("that a panic ends the grace period of the other tasks.")
            } else {
                report
            }
            .read(GRACEFUL)
        });
        check_counts(counts, 1, 1);
    });
}

/// What a task does when it is cancelled.
#[derive(Debug, Clone, Copy)]
enum When {
    Ends,
    Panics,
    IgnoresIt,
}

/// Records that a task was dropped before its end.
struct Aborted {
    log: Log,
    ended: bool,
}

impl Drop for Aborted {
    fn drop(&mut self) {
        if !self.ended {
            self.log.record("aborted");
        }
    }
}

/// Any requests at any times. Each task is counted as what became of it.
#[test]
fn counts_what_became_of_each_task() {
    grade_cases(async |case| {
        let count = case.size("requests", 0..=300);
        let numbers = case.numbers("numbers", count, u32::MAX.into());
        let gaps = case.whole_ms_each("times between them", count, 20);
        let work = case.whole_ms_each("work", count, 100);
        let cleanup = case.whole_ms_each("cleanup", count, 40);
        let when = *case.pick(
            "when a task is cancelled, it",
            &[When::Ends, When::Panics, When::IgnoresIt],
        );
        let (shutdown_at, grace) = (case.whole_ms("shutdown", 100), case.whole_ms("grace", 40));
        let (shutdown, log, alive) = (CancellationToken::new(), Log::start(), Gauge::new());
        if shutdown_at.is_zero() {
            shutdown.cancel();
        }
        let (tx, mut requests) = mpsc::channel(300);
        let (token, sending) = (shutdown.clone(), tx.clone());
        let mut at = Duration::ZERO;
        let arrivals: Vec<_> = std::iter::zip(numbers, gaps)
            .map(|(number, gap)| {
                at += gap;
                (number as u32, at)
            })
            .collect();
        let expected: Vec<_> = arrivals
            .iter()
            .filter(|(_, at)| *at < shutdown_at)
            .cloned()
            .collect();
        let (waiting, later): (Vec<_>, Vec<_>) =
            arrivals.into_iter().partition(|(_, at)| at.is_zero());
        for (number, _) in waiting {
            let _ = tx.try_send(number);
        }
        grading::spawn(async move {
            let start = tokio::time::Instant::now();
            for (number, at) in later {
                if at >= shutdown_at && !token.is_cancelled() {
                    tokio::time::sleep_until(start + shutdown_at).await;
                    token.cancel();
                }
                if start + at > tokio::time::Instant::now() {
                    tokio::time::sleep_until(start + at).await;
                }
                let _ = sending.try_send(number);
            }
            tokio::time::sleep_until(start + shutdown_at).await;
            token.cancel();
        });
        let next = std::cell::Cell::new(0);
        let handle = |number: u32, token: CancellationToken| {
            let (log, guard) = (log.clone(), alive.enter());
            let task = next.replace(next.get() + 1);
            let (work, cleanup) = (work[task % count], cleanup[task % count]);
            log.record(format!("{number}"));
            async move {
                let (mut aborted, _alive) = (
                    Aborted {
                        log: log.clone(),
                        ended: false,
                    },
                    guard,
                );
                let done = tokio::select! {
                    biased;
                    () = sleep(work) => true,
                    () = token.cancelled() => false,
                };
                if !done {
                    match when {
                        When::IgnoresIt => sleep(ms(100_000)).await,
                        When::Ends | When::Panics => sleep(cleanup).await,
                    }
                }
                aborted.ended = true;
                if !done && matches!(when, When::Panics) {
                    log.record("panicked");
                    std::panic::resume_unwind(Box::new("bad request"));
                }
                log.record("completed");
            }
        };
        let answer = Counted::new(graceful_shutdown(
            &mut requests,
            handle,
            shutdown.clone(),
            grace,
        ));
        let polls = answer.counts();
        let counts = answer.await;
        let (returned, left) = (log.clock.elapsed(), alive.now());
        let seen: Vec<_> = log.entries();
        let ended = ["completed", "panicked", "aborted"].map(|event| log.times_of(event));
        let started: Vec<_> = seen
            .iter()
            .filter_map(|(event, at)| Some((event.parse::<u32>().ok()?, *at)))
            .collect();
        check(started == expected, || {
            Failure::new(format!(
                "The requests before the shutdown should be handled when they arrive: {}. Handled were: {}.",
                grading::list(expected.iter().map(|(number, at)| format!("{number} at {}", in_ms(*at)))),
                grading::list(started.iter().map(|(number, at)| format!("{number} at {}", in_ms(*at))))
            ))
            .read(BRANCHES)
        });
        polls.check_polls(3 * count + 20, GRACEFUL);
        let last = ended
            .iter()
            .flatten()
            .max()
            .copied()
            .unwrap_or_default()
            .max(shutdown_at);
        let end = if ended[2].is_empty() {
            last
        } else {
            shutdown_at + grace
        };
        let aborted_in_time = ended[2].iter().all(|at| *at == shutdown_at + grace);
        check(
            returned == end && last <= shutdown_at + grace && aborted_in_time && left == 0,
            || {
                Failure::new(format!(
                "The tasks completed at {:?}, panicked at {:?} and were aborted at {:?}; {left} are left. The shutdown is at \
                 {}, and the grace period is over at {}. The function should return at {}; it was at {}.",
                ended[0],
                ended[1],
                ended[2],
                in_ms(shutdown_at),
                in_ms(shutdown_at + grace),
                in_ms(end),
                in_ms(returned)
            ))
            .read(GRACEFUL)
            },
        );
        let [completed, panicked, aborted] = ended.map(|times| times.len());
        check(
            counts
                == TaskCounts {
                    completed,
                    failed: panicked + aborted,
                },
            || {
                let report = Failure::new(format!(
                    "Tasks that ran to their end: {completed}, that panicked: {panicked}, that were aborted: {aborted}; the result \
                     was {counts:?}."
                ));
                if counts.completed < completed && counts.completed + counts.failed == started.len() {
                report.usually(
                    "that all tasks which are still in the set after the grace period are counted as failed. `len` includes \
                     those that have ended and have not been joined.",
                )
            } else {
                report
            }
            .read(GRACEFUL)
            },
        );
    });
}

/// More tasks end at one instant than an answer joins in one poll.
#[test]
fn a_task_that_ends_in_time_is_completed() {
    grade(async || {
        let (_tx, mut requests) = requests(0..300);
        let (log, alive) = (Log::start(), Gauge::new());
        let handle =
            |request, token| cooperative(log.clone(), alive.clone(), request, token, 1000, 0);
        let counts = graceful_shutdown(&mut requests, handle, cancelled_at(50), ms(0)).await;
        let with = |event: &str| {
            let tasks = (0..300).filter(|request| log.count(&format!("{request} {event}")) == 1);
            tasks.count()
        };
        let (started, completed) = (with("starts"), with("ends"));
        check(
            counts
                == TaskCounts {
                    completed,
                    failed: 300 - completed,
                },
            || {
                Failure::new(format!(
                "There are 300 requests. Their tasks end at once when they are cancelled, and the grace period is zero. \
                 {started} tasks were started, and {completed} of them ran to their end; the result was {counts:?}."
            ))
            .read(GRACEFUL)
            },
        );
    });
}

/// Polls `answer` after all tasks that are ready at the same instant.
async fn polled_last<F: Future>(answer: F) -> F::Output {
    const ROUNDS: usize = 20;
    let (mut answer, mut rounds) = (std::pin::pin!(answer), 0);
    std::future::poll_fn(|cx| {
        if rounds < ROUNDS {
            rounds += 1;
            cx.waker().wake_by_ref();
            return std::task::Poll::Pending;
        }
        rounds = 0;
        answer.as_mut().poll(cx)
    })
    .await
}

/// More tasks end at the instant at which the rest is aborted than an answer joins in one poll.
#[test]
fn a_task_that_ends_with_the_grace_period_is_completed() {
    grade(async || {
        const ALL: u32 = 300;
        let (_tx, mut requests) = requests(0..ALL);
        let log = Log::start();
        let handle = |request: u32, _token| {
            let log = log.clone();
            async move {
                sleep(ms(if request.is_multiple_of(10) { 1000 } else { 70 })).await;
                log.record("ends");
            }
        };
        let answer = graceful_shutdown(&mut requests, handle, cancelled_at(50), ms(20));
        let counts = polled_last(answer).await;
        let completed = log.count("ends");
        let expected = TaskCounts {
            completed,
            failed: ALL as usize - completed,
        };
        check(counts == expected, || {
            Failure::new(format!(
                "The grace period of {ALL} tasks is over at 70 ms. {completed} of them ran to their end, at that instant, and \
                 the others were aborted. The result should be {expected:?}; it was {counts:?}."
            ))
            .usually_if((counts.completed < completed).then_some(
                "that all tasks which are still in the set after the grace period are counted as failed. `len` includes those \
                 that have ended and have not been joined.",
            ))
            .read(GRACEFUL)
        });
    });
}

#[test]
fn a_long_grace_period_is_no_exception() {
    grade_cases(async |case| {
        let (count, time) = (
            case.size("tasks", 1..=5) as u32,
            case.long_time("cleanup takes"),
        );
        let grace = match case.pick("grace", &["1 ms more", "`Duration::MAX`"]) {
            &"1 ms more" => time + ms(1),
            _ => Duration::MAX,
        };
        let (_tx, mut requests) = requests(0..count);
        let clock = Clock::start();
        let handle = |_, token: CancellationToken| async move {
            token.cancelled().await;
            sleep(time).await;
        };
        let counts = graceful_shutdown(&mut requests, handle, cancelled_at(50), grace).await;
        check_instant(
            clock.elapsed(),
            ms(50) + time,
            "The tasks end within their grace period, and the function should return",
            "that the grace period is limited.",
            GRACEFUL,
        );
        check_counts(counts, count as usize, 0);
    });
}

#[test]
fn many_tasks_have_any_grace_period() {
    for grace in [LONG, Duration::MAX] {
        grade(async || {
            const MANY: u32 = 5_000;
            let (_tx, mut requests) = requests(0..MANY);
            let clock = Clock::start();
            let handle = |_, token: CancellationToken| async move {
                token.cancelled().await;
                sleep(LONG - ms(100)).await;
            };
            let counts = graceful_shutdown(&mut requests, handle, cancelled_at(50), grace).await;
            check_instant(
                clock.elapsed(),
                LONG - ms(50),
                "The tasks end within their grace period, and the function should return",
                "that the grace period or the number of tasks is limited.",
                GRACEFUL,
            );
            check_counts(counts, MANY as usize, 0);
        });
    }
}
