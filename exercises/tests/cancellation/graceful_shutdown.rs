//! `graceful_shutdown`: a tree of tasks that ends in time, with no task left.

use super::*;
use exercises::cancellation::{TaskCounts, graceful_shutdown};

/// A channel that holds these requests.
fn requests(numbers: impl IntoIterator<Item = u32>) -> (mpsc::Sender<u32>, mpsc::Receiver<u32>) {
    let (tx, rx) = mpsc::channel(1000);
    for number in numbers {
        tx.try_send(number).expect("there is room");
    }
    (tx, rx)
}

/// A token that is cancelled at `time`.
fn cancelled_at(time: u64) -> CancellationToken {
    let shutdown = CancellationToken::new();
    let token = shutdown.clone();
    tokio::spawn(async move {
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
        Failure::new(format!(
            "The result should be {expected:?}; it was {seen:?}."
        ))
        .usually(
            "that tasks which ended before the shutdown are not counted, or that a join error is not counted as failed.",
        )
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
            Failure::new(format!(
                "Four requests should be handled at the same time; at most {peak} were."
            ))
            .usually("that a request is awaited in the loop. Spawn it.")
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
        let usually = if returned < ms(65) {
            "that tasks are aborted before the grace period is over, or not awaited."
        } else {
            "that the tasks' tokens are not cancelled, or that the answer waits for the whole grace period although all \
             tasks have ended."
        };
        check_instant(
            returned,
            ms(65),
            "The shutdown begins at 50 ms, and the slowest task needs 15 ms more. The function should return",
            usually,
            GRACEFUL,
        );
        check_counts(counts, 3, 0);
    });
}

#[test]
fn aborts_the_rest_after_the_grace_period() {
    grade(async || {
        let (_tx, mut requests) = requests([1, 2, 3]);
        let (log, alive) = (Log::start(), Gauge::new());
        let handle = |request: u32, token| {
            let (log, alive) = (log.clone(), alive.clone());
            async move {
                if request == 2 {
                    cooperative(log, alive, request, token, 1000, 5).await;
                } else {
                    uncooperative(alive).await;
                }
            }
        };
        let counts = graceful_shutdown(&mut requests, handle, cancelled_at(50), ms(20)).await;
        // No other task has been polled since it returned.
        let left = alive.now();
        check_instant(
            log.clock.elapsed(),
            ms(70),
            "Two tasks ignore their tokens. The function should return after the grace period,",
            "that the wait for the tasks has no limit, or that each task has a grace period of its own.",
            GRACEFUL,
        );
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
                Failure::new(format!(
                    "300 requests are waiting, and the tenth cancels `shutdown`. 290 should stay in the channel; there \
                     were {}.",
                    if left < 290 { "fewer" } else { "more" }
                ))
                .usually(
                    "that the requests are polled before the shutdown, or in random order: while a request is waiting, \
                     the shutdown is not noticed.",
                )
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
        let handle = |request: u32, token: CancellationToken| {
            if request == 1 {
                token.cancel();
            }
            cooperative(log.clone(), alive.clone(), request, token, 40, 0)
        };
        graceful_shutdown(&mut requests, handle, cancelled_at(100), ms(20)).await;
        let seen = (log.count("1 cancelled"), log.count("2 cancelled"));
        let at = log.clock.elapsed();
        check(seen == (1, 0) && at == ms(100), || {
            Failure::new(format!(
                "The first task cancels its own token. The second should go on, and the function should return at \
                 100 ms; it returned at {}. Seen: {}.",
                in_ms(at),
                log.describe()
            ))
            .usually("that all tasks have clones of one token. A child token can be cancelled alone.")
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
        graceful_shutdown(&mut requests, handle, cancelled_at(50), ms(20)).await;
        check_instant(
            log.clock.elapsed(),
            ms(50),
            "The channel is closed early, but the function should return after the shutdown,",
            "that a closed channel is taken for the shutdown.",
            NO_MATCH,
        );
    });
}

#[test]
fn leaves_no_task_when_dropped() {
    drop_at_every_await(
        async || {
            let (tx, mut requests) = requests([1, 2, 3]);
            let (log, alive, shutdown) = (Log::start(), Gauge::new(), cancelled_at(30));
            let tasks = Tasks::baseline();
            let handled = alive.clone();
            let answer = async move {
                let _tx = tx;
                let handle = |request, token| {
                    cooperative(log.clone(), handled.clone(), request, token, 1000, 10)
                };
                graceful_shutdown(&mut requests, handle, shutdown, ms(5)).await
            };
            (answer, (tasks, alive))
        },
        async |(tasks, alive)| {
            check_nothing_left(tasks, &alive, "When the future is dropped,").await;
        },
    );
}

#[test]
fn handles_a_request_when_it_arrives() {
    grade(async || {
        let (tx, mut requests) = requests([1]);
        tokio::spawn(async move {
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
            Failure::new(format!(
                "Requests arrive at 0, 10 and 20 ms, and the task of each should start then. Seen: {}.",
                log.describe()
            ))
            .usually("that only the requests that are waiting at the beginning are handled.")
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
            tokio::spawn(async move {
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
        check_instant(
            log.clock.elapsed(),
            ms(60),
            "The shutdown begins at 50 ms. One task panics at once, and the other needs 10 ms more. The function should \
             return",
            "that a panic ends the grace period of the other tasks.",
            GRACEFUL,
        );
        check_counts(counts, 1, 1);
    });
}
