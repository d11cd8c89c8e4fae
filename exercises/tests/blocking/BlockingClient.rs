//! `BlockingClient`: an async client for synchronous callers.

use super::*;
use std::future::Ready;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use exercises::blocking::{BlockingClient, InsideRuntime};
use grading::Case;
use tokio::net::UdpSocket;
use tokio::runtime::Id;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::{spawn_blocking, yield_now};
use tokio::time::sleep;

/// An async client. A task of its own answers pings.
struct Client {
    id: u64,
    runtime: Id,
    pings: UnboundedSender<mpsc::Sender<u64>>,
}

impl Client {
    async fn connect(id: u64) -> Self {
        check(is_in_a_runtime(), || {
            Failure::new("`connect` should be awaited in a tokio runtime; it is polled outside of one.")
                .usually("that your own code or an executor of another crate polls it, such as `futures::executor::block_on`.")
                .read(FACADE)
        });
        let (pings, received) = unbounded_channel();
        grading::spawn(Self::keep_alive(id, received));
        yield_now().await;
        let runtime = Handle::current().id();
        Self { id, runtime, pings }
    }

    async fn keep_alive(id: u64, mut pings: UnboundedReceiver<mpsc::Sender<u64>>) {
        while let Some(reply) = pings.recv().await {
            let _ = reply.send(id);
        }
    }

    async fn add(&self, number: u64) -> u64 {
        check(is_in_a_runtime(), || {
            Failure::new("`request` should be awaited in a tokio runtime; it is polled outside of one.")
                .usually("that your own code or an executor of another crate polls it, such as `futures::executor::block_on`.")
                .read(FACADE)
        });
        check(Handle::current().id() == self.runtime, || {
            Failure::new("`request` should be awaited in the runtime in which the client was made; it is polled in another one.")
                .usually("that `connect`, or each call, has a runtime of its own. Keep one for both.")
                .read(FACADE)
        });
        yield_now().await;
        self.id.wrapping_add(number)
    }
}

fn connect(id: u64) -> BlockingClient<Client> {
    let connected = BlockingClient::connect(Client::connect(id));
    check(connected.is_ok(), || {
        Failure::new("On a thread outside of any runtime, `connect` should be `Ok`; it was `Err(InsideRuntime)`.")
            .read(INSIDE)
    });
    connected.expect("it is checked above")
}

/// A call outside of any runtime.
fn call<T>(client: &BlockingClient<Client>, request: impl AsyncFnOnce(&Client) -> T) -> T {
    let called = client.call(request);
    check(called.is_ok(), || {
        Failure::new("On a thread outside of any runtime, `call` should be `Ok`; it was `Err(InsideRuntime)`.")
            .read(INSIDE)
    });
    called.expect("it is checked above")
}

#[test]
fn returns_what_the_requests_return() {
    grade_cases_with_threads(async |case| {
        let count = case.size("calls", 0..=20);
        let numbers = case.numbers("numbers", count, u64::MAX);
        let id = case.number("id of the client", u64::MAX);
        let sums: Vec<_> = numbers
            .iter()
            .map(|number| id.wrapping_add(*number))
            .collect();
        let seen = outside_runtime(move || {
            let client = connect(id);
            let calls = numbers.into_iter();
            let calls = calls.map(|number| call(&client, async |client| client.add(number).await));
            calls.collect::<Vec<_>>()
        });
        let seen = seen.await;
        check(seen == sums, || {
            Failure::new(format!(
                "The requests should return {}; the calls returned {}.",
                list(sums.iter().map(u64::to_string)),
                list(seen.iter().map(u64::to_string))
            ))
            .read(FACADE)
        });
    });
}

#[test]
fn another_executor_is_no_runtime() {
    grade_cases_with_threads(async |case| {
        let calls = case.size("calls", 0..=3);
        outside_runtime(move || {
            futures::executor::block_on(async {
                let client = connect(7);
                for _ in 0..calls {
                    call(&client, async |client| client.add(1).await);
                }
            });
        })
        .await;
    });
}

#[test]
fn requests_may_use_timers_and_sockets() {
    grade_cases_with_threads(async |case| {
        let uses = *case.pick("uses", &["a timer", "a socket"]);
        outside_runtime(move || {
            let client = connect(7);
            let request = async |_client: &Client| match uses {
                "a timer" => sleep(std::time::Duration::ZERO).await,
                _ => drop(UdpSocket::bind(("127.0.0.1", 0)).await),
            };
            let called = catch_unwind(AssertUnwindSafe(|| call(&client, request)));
            check(called.is_ok(), || {
                Failure::new(format!(
                    "A request uses {uses} of tokio, which should work; it panics."
                ))
                .usually(
                    "that the runtime is built without it. `enable_all` enables timers and I/O.",
                )
                .read(FACADE)
            });
        })
        .await;
    });
}

#[test]
fn tasks_of_the_client_run_between_calls() {
    grade_cases_with_threads(async |case| {
        let calls = case.size("calls before it", 0..=3);
        let answered = outside_runtime(move || {
            let client = connect(7);
            for _ in 0..calls {
                call(&client, async |client| client.add(1).await);
            }
            let pings = call(&client, async |client| client.pings.clone());
            let (reply, replies) = mpsc::channel();
            let _ = pings.send(reply);
            must_return(
                || replies.recv().is_ok(),
                Failure::new(
                    "The client has spawned a task, which should make progress between two calls. The task has something to \
                     do, and is not polled.",
                )
                .usually(
                    "that the runtime is a `current_thread` runtime: it polls tasks only during `block_on`. A \
                     `multi_thread` runtime has a thread of its own.",
                )
                .read(FACADE),
            )
        });
        let answered = answered.await;
        check(answered, || {
            Failure::new("The client has spawned a task, which should make progress between two calls. The task is gone.")
                .usually("that the runtime in which `connect` was awaited has been dropped. Keep it for all calls.")
                .read(FACADE)
        });
    });
}

#[test]
fn calls_of_several_threads_overlap() {
    grade_cases_with_threads(async |case| {
        let count = case.size("threads", 2..=8);
        let blocking =
            *case.pick("a request waits", &["in itself", "in `spawn_blocking`"]) != "in itself";
        outside_runtime(move || {
            let client = Arc::new(connect(7));
            let barrier = Arc::new(tokio::sync::Barrier::new(count));
            let of_closures = Arc::new(std::sync::Barrier::new(count));
            let (ended, end) = mpsc::channel();
            for _ in 0..count {
                let (client, barrier, ended) = (Arc::clone(&client), Arc::clone(&barrier), ended.clone());
                let of_closures = Arc::clone(&of_closures);
                thread::spawn(move || {
                    let request = async |_client: &Client| match blocking {
                        true => drop(spawn_blocking(move || of_closures.wait()).await),
                        false => drop(barrier.wait().await),
                    };
                    let _ = ended.send(client.call(request).is_ok());
                });
            }
            drop(ended);
            let all = must_return(
                || end.iter().filter(|is_ok| *is_ok).count(),
                Failure::new(format!(
                    "{count} threads call at the same time, and each request waits until all have begun. They do not end, so \
                     calls wait for each other."
                ))
                .usually(match blocking {
                    true => "that a lock is held during a call, or that the runtime has too few threads for closures.",
                    false => "that a lock is held during a call. Only the client and the runtime are shared, by reference.",
                })
                .read(FACADE),
            );
            check(all == count, || {
                Failure::new(format!(
                    "{count} threads call at the same time, outside of any runtime. All calls should be `Ok`; {all} were."
                ))
                .read(FACADE)
            });
        })
        .await;
    });
}

#[test]
fn a_panic_of_a_request_reaches_the_caller() {
    grade_cases_with_threads(async |case| {
        let panics = case.size("panics", 1..=3);
        let number = case.number("payload", u64::MAX);
        let when = *case.pick(
            "the request panics",
            &["later", "in its first poll", "when it is called"],
        );
        outside_runtime(move || {
            let client = connect(1);
            for _ in 0..panics {
                let in_a_poll = async |_client: &Client| -> u64 {
                    if when == "later" {
                        yield_now().await;
                    }
                    resume_unwind(Box::new(number))
                };
                let at_once = |_client: &Client| -> Ready<u64> { resume_unwind(Box::new(number)) };
                let called = catch_unwind(AssertUnwindSafe(|| match when {
                    "when it is called" => client.call(at_once),
                    _ => client.call(in_a_poll),
                }));
                let payload = called.err().and_then(|payload| payload.downcast_ref().copied());
                check(payload == Some(number), || {
                    Failure::new("The request panics, so the panic should continue in the caller of `call`, with its payload; it does not.")
                        .usually("that the panic is caught, by you or because the request runs in a task. `resume_unwind` continues it.")
                        .read(FACADE)
                });
            }
            let sum = catch_unwind(AssertUnwindSafe(|| call(&client, async |client| client.add(1).await)));
            check(sum.is_ok_and(|sum| sum == 2), || {
                Failure::new("After a request has panicked, later calls should work as before; the next one does not.")
                    .usually("that a `std::sync::Mutex` is held during the call: the panic poisons it.")
                    .read(FACADE)
            });
        })
        .await;
    });
}

/// Where a thread may be inside a runtime.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    Test,
    Task,
    SpawnBlocking,
    Entered,
}

const PLACES: [Place; 4] = [
    Place::Test,
    Place::Task,
    Place::SpawnBlocking,
    Place::Entered,
];

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::Test => "in the future of `block_on`",
            Self::Task => "in a task",
            Self::SpawnBlocking => "in a closure of `spawn_blocking`",
            Self::Entered => "on a thread that has entered a runtime",
        }
    }

    async fn run<T: Send + 'static>(self, call: impl FnOnce() -> T + Send + 'static) -> T {
        match self {
            Self::Test => call(),
            Self::Task => match grading::spawn(async { call() }).await {
                Ok(output) => output,
                Err(error) => resume_unwind(error.into_panic()),
            },
            Self::SpawnBlocking => match spawn_blocking(call).await {
                Ok(output) => output,
                Err(error) => resume_unwind(error.into_panic()),
            },
            Self::Entered => {
                let handle = Handle::current();
                outside_runtime(move || {
                    let _entered = handle.enter();
                    call()
                })
                .await
            }
        }
    }
}

fn place(case: &Case) -> Place {
    *case.pick("place", &PLACES)
}

#[test]
fn errors_inside_a_runtime() {
    grade_cases_with_threads(async |case| {
        let (place, calls) = (place(&case), case.size("calls", 1..=3));
        let is_async =
            *case.pick("request", &["an async closure", "a closure"]) == "an async closure";
        let client = outside_runtime(|| connect(7)).await;
        let refused = place.run(move || {
            let (mut refused, mut polled) = (0, 0);
            for _ in 0..calls {
                let called = match is_async {
                    true => client.call(async |_client| polled += 1),
                    false => client.call(|_client: &Client| {
                        polled += 1;
                        std::future::ready(())
                    }),
                };
                refused += usize::from(called == Err(InsideRuntime));
            }
            (refused, polled, client)
        });
        let (refused, polled, client) = refused.await;
        check(refused == calls && polled == 0, || {
            Failure::new(format!(
                "Each `call` {} should return `Err(InsideRuntime)`, without calling `request`. Of {}, {refused} returned it, \
                 and `request` was called {}.",
                place.name(),
                plural(calls, "call"),
                times(polled)
            ))
            .usually("that `call` does not ask `Handle::try_current` first, or allows some of the threads that are inside.")
            .read(INSIDE)
        });
        outside_runtime(move || drop(client)).await;
    });
}

#[test]
fn connecting_inside_a_runtime_is_an_error() {
    grade_cases_with_threads(async |case| {
        let place = place(&case);
        let polled = Shared::new();
        let polls = polled.clone();
        let connected = place.run(move || {
            let connected = BlockingClient::connect(async move { polls.push(()) });
            connected.is_err()
        });
        let is_err = connected.await;
        check(is_err && polled.len() == 0, || {
            Failure::new(format!(
                "`connect` {} should return `Err(InsideRuntime)`, without polling its argument. It returned {}, and the \
                 argument was polled {}.",
                place.name(),
                if is_err { "it" } else { "`Ok`" },
                times(polled.len())
            ))
            .usually("that `connect` does not ask `Handle::try_current` first.")
            .read(INSIDE)
        });
    });
}

#[test]
fn dropping_it_never_panics_or_waits() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let inside = *case.pick("inside a runtime", &[true, false]);
        let place = inside.then(|| place(&case));
        let (key, gate) = Gate::closed();
        let client = outside_runtime(|| connect(7)).await;
        let client = outside_runtime(move || {
            // The client runs a blocking closure, which a runtime waits for if it is dropped.
            let _closure = call(&client, async |_client| spawn_blocking(move || gate.wait()));
            client
        });
        let client = client.await;
        let drops = || {
            catch_unwind(AssertUnwindSafe(|| {
                drop_now(client, "the client, which runs a blocking closure,", INSIDE);
            }))
        };
        let dropped = match place {
            Some(place) => place.run(drops).await,
            None => outside_runtime(drops).await,
        };
        check(dropped.is_ok(), || {
            Failure::new(format!(
                "Dropping the client {} should not panic; it does.",
                place.map_or("outside of any runtime", Place::name)
            ))
            .usually("that a `Runtime` is dropped inside another one. `shutdown_background` does not wait, and may be called anywhere.")
            .read(INSIDE)
        });
        drop(key);
    });
}

#[test]
fn dropping_it_drops_its_tasks() {
    grade_cases_with_threads(async |case| {
        let _clock = HeldClock::new();
        let calls = case.size("calls", 0..=2);
        let inside = *case.pick("dropped inside a runtime", &[false, true]);
        let place = inside.then(|| place(&case));
        let (alive, dropped) = mpsc::channel::<()>();
        let client = outside_runtime(move || {
            let client = connect(7);
            for _ in 0..calls {
                call(&client, async |client| client.add(1).await);
            }
            call(&client, async |_client| {
                grading::spawn(async move {
                    let _alive = alive;
                    std::future::pending::<()>().await;
                });
            });
            client
        })
        .await;
        let drops = move || drop_now(client, "the client", INSIDE);
        match place {
            Some(place) => place.run(drops).await,
            None => outside_runtime(drops).await,
        }
        outside_runtime(move || {
            must_return(
                || dropped.recv().is_err(),
                Failure::new("The client was dropped, so its tasks should be dropped soon; one of them is still there.")
                    .usually("that the runtime lives on: it was leaked, it is a `static`, or a thread of yours owns it.")
                    .read(INSIDE),
            );
        })
        .await;
    });
}
