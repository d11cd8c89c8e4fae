//! Dropping a future at every point at which it can be dropped.

use std::panic::Location;
use std::pin::Pin;
use std::task::Poll;

use crate::clock::Clock;
use crate::report::Report;
use crate::run::{Body, Circumstances, Run, hang, pass};
use crate::tasks::settle;
use crate::words::{ordinal, spell};

/// A future that was pending this often will never be ready.
const TOO_MANY_WAITS: usize = 1000;

/// Drops a future at every point at which it can be dropped, and checks an invariant each time.
///
/// A future can be dropped wherever it waits, without notice. So an answer is *cancel-safe* if an
/// invariant (every permit is returned, no message is lost, nothing runs on in the background) holds
/// wherever it was dropped.
///
/// `make` makes the future, and next to it whatever the invariant needs. It is called for every run, so
/// that each run starts afresh: a new runtime, a paused clock, a recorder. First the future runs to its
/// end, undisturbed. If it was pending n times on the way, it is dropped at these points, each in a run of
/// its own:
///
/// - before its first poll;
/// - for k from 1 to n, as soon as it has been pending k times, while it waits;
/// - for k from 1 to n, after it has been woken from its k-th wait and before it is polled again. What was
///   handed to it (a permit, a message, a lock) must not be lost.
///
/// After the drop every task gets some turns, without time passing, so that aborted tasks are gone. Then
/// `invariant` gets what `make` returned next to the future. It uses [`check`](crate::check), and may wait.
///
/// It is a whole test, like [`grade`](crate::grade), and must not be called inside it.
///
/// ```
/// use std::sync::Arc;
///
/// use grading::{Failure, check, drop_at_every_await, ms};
/// use tokio::sync::Semaphore;
///
/// drop_at_every_await(
///     async || {
///         let permits = Arc::new(Semaphore::new(3));
///         let answer = {
///             let permits = Arc::clone(&permits);
///             async move {
///                 let _permit = permits.acquire().await;
///                 tokio::time::sleep(ms(100)).await;
///             }
///         };
///         (answer, permits)
///     },
///     async |permits| {
///         let free = permits.available_permits();
///         check(free == 3, || {
///             Failure::new(format!("All 3 permits should be available; {free} are."))
///                 .usually("that a permit was forgotten: `forget` never returns it.")
///                 .read("gather-try-join.html#try_join")
///         });
///     },
/// );
/// ```
///
/// # Panics
///
/// It fails the test, with the report of the first drop after which the invariant does not hold, and the
/// timeline up to that drop. Everything that fails a `grade` fails it as well, and so does a future that
/// was pending 1000 times and has not finished.
#[track_caller]
pub fn drop_at_every_await<M, F, W, I>(make: M, invariant: I)
where
    M: AsyncFn() -> (F, W),
    F: Future,
    I: AsyncFn(W),
{
    let setup = || -> Pin<Box<dyn Future<Output = Setup<'_>> + '_>> {
        Box::pin(async {
            let (future, state) = make().await;
            let holds = Box::pin(async { invariant(state).await });
            let answer = Box::pin(async {
                future.await;
            });
            Setup { answer, holds }
        })
    };
    let runs = Runs {
        name: std::any::type_name::<M>(),
        grader: Location::caller().file(),
        setup: &setup,
    };
    pass(runs.all());
}

/// The point at which a future is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DropPoint {
    BeforeFirstPoll,
    Waiting { nth: usize },
    Woken { nth: usize },
    Never,
}

/// How driving the future ended.
enum Driven {
    Dropped,
    Finished { waits: usize },
    NotFinished { waits: usize },
}

/// What each run starts with. It is boxed, so that the code that uses it is compiled once instead of for every
/// test.
struct Setup<'a> {
    answer: Body<'a>,
    /// Checks the invariant, when it is polled.
    holds: Body<'a>,
}

struct Runs<'a> {
    name: &'static str,
    grader: &'static str,
    setup: &'a dyn Fn() -> Pin<Box<dyn Future<Output = Setup<'a>> + 'a>>,
}

impl Runs<'_> {
    fn all(&self) -> Result<(), Box<Report>> {
        let waits = self.undisturbed()?;
        self.dropped(DropPoint::BeforeFirstPoll)?;
        for nth in 1..=waits {
            self.dropped(DropPoint::Waiting { nth })?;
            self.dropped(DropPoint::Woken { nth })?;
        }
        Ok(())
    }

    /// How often the future is pending before it is ready.
    fn undisturbed(&self) -> Result<usize, Box<Report>> {
        let run = Run::new(self.name, self.grader);
        let mut ended = None;
        run.play(Box::pin(async {
            let Setup { mut answer, holds } = (self.setup)().await;
            let driven = drive(&mut answer, DropPoint::Never).await;
            drop((answer, holds));
            ended = Some((driven, run.beginning()));
        }))?;
        match ended.expect("a body that has finished has stored how its answer ended") {
            (Driven::NotFinished { waits }, beginning) => {
                let report = hang::unfinished(waits, beginning);
                Err(Box::new(report))
            }
            (Driven::Finished { waits }, _) => Ok(waits),
            (Driven::Dropped, _) => Ok(0),
        }
    }

    fn dropped(&self, point: DropPoint) -> Result<(), Box<Report>> {
        let run = Run::new(self.name, self.grader);
        run.play(Box::pin(async {
            let clock = Clock::start();
            let Setup { mut answer, holds } = (self.setup)().await;
            let driven = drive(&mut answer, point).await;
            let at = clock.elapsed();
            drop(answer);
            if !matches!(driven, Driven::Dropped) {
                return;
            }
            run.set_circumstances(Circumstances {
                sentence: point.sentence(&spell(at)),
                timeline: run.timeline(),
            });
            settle().await;
            holds.await;
        }))
    }
}

impl DropPoint {
    fn sentence(self, at: &str) -> String {
        match self {
            Self::BeforeFirstPoll => "Your answer was dropped before its first poll.".to_owned(),
            Self::Waiting { nth } => format!(
                "Your answer was dropped at {at}, during its {} wait.",
                ordinal(nth)
            ),
            Self::Woken { nth } => format!(
                "Your answer was dropped at {at}, after it was woken from its {} wait and before it was \
                 polled again.",
                ordinal(nth)
            ),
            Self::Never => "Your answer was not dropped.".to_owned(),
        }
    }
}

/// Polls `future` until it has reached `point`, or is ready.
///
/// Only the future's own wakers cause a poll here, because the caller awaits nothing else.
async fn drive(future: &mut Body<'_>, point: DropPoint) -> Driven {
    let mut waits = 0;
    std::future::poll_fn(|cx| {
        let before = match point {
            DropPoint::BeforeFirstPoll => true,
            DropPoint::Woken { nth } => waits == nth,
            DropPoint::Waiting { .. } | DropPoint::Never => false,
        };
        if before {
            return Poll::Ready(Driven::Dropped);
        }
        if future.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Driven::Finished { waits });
        }
        waits += 1;
        if point == (DropPoint::Waiting { nth: waits }) {
            return Poll::Ready(Driven::Dropped);
        }
        if waits == TOO_MANY_WAITS {
            return Poll::Ready(Driven::NotFinished { waits });
        }
        Poll::Pending
    })
    .await
}
