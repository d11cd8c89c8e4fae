//! Dropping a future wherever it can be dropped.

use std::panic::Location;
use std::pin::Pin;
use std::task::Poll;

use crate::clock::{Clock, spell};
use crate::grade::pass;
use crate::report::Report;
use crate::run::{Body, Run, Scene, hang};
use crate::tasks::settle;

/// A future that was pending this often will never be ready.
const TOO_MANY_WAITS: usize = 1000;

/// Drops a future at every point at which it can be dropped, and checks each time that all is well.
///
/// A future can be dropped wherever it waits, and it is not told. So an answer is *cancel-safe* if an
/// invariant (every permit is back, no message is lost, nothing goes on in the background) holds
/// wherever it was dropped.
///
/// `make` makes the future, and beside it whatever the invariant needs. It is called for every run, so
/// that each one has a fresh world: a fresh runtime, a paused clock, a recorder. First the future runs
/// to its end, undisturbed. It was pending n times then, and it is dropped in these places, each in a
/// run of its own:
///
/// - before its first poll;
/// - for k from 1 to n, as soon as it has been pending k times, while it waits;
/// - for k from 1 to n, when the wake-up it waits for has come and it has not been polled again. What
///   was handed to it (a permit, a message, a lock) must not be gone.
///
/// After the drop everything gets its turns, without time passing, so that tasks which were aborted
/// are gone. Then `invariant` gets what `make` gave out beside the future. It uses
/// [`check`](crate::check), and may wait.
///
/// It is a whole test, like [`grade`](crate::grade), and not to be called inside it.
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
///             Failure::new(format!("All 3 permits should be back; {free} are."))
///                 .usually("a permit was taken out of its guard.")
///                 .read("gather.html#try_join")
///         });
///     },
/// );
/// ```
///
/// # Panics
///
/// It fails the test, with the report of the first place at which the invariant does not hold and the
/// timeline up to the drop. Everything that fails a `grade` fails it as well, and so does a future that
/// was pending 1000 times and is not finished.
#[track_caller]
pub fn drop_at_every_await<M, F, W, I>(make: M, invariant: I)
where
    M: AsyncFn() -> (F, W),
    F: Future,
    I: AsyncFn(W),
{
    let world = || -> Pin<Box<dyn Future<Output = World<'_>> + '_>> {
        Box::pin(async {
            let (future, witness) = make().await;
            let holds = Box::pin(async { invariant(witness).await });
            let answer = Box::pin(async {
                future.await;
            });
            World { answer, holds }
        })
    };
    let runs = Runs {
        name: std::any::type_name::<M>(),
        grader: Location::caller().file(),
        world: &world,
    };
    pass(runs.all());
}

/// Where a future is dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    BeforeFirstPoll,
    Waiting { nth: usize },
    Woken { nth: usize },
    Nowhere,
}

/// How the future's part of a run ended.
enum Driven {
    Dropped,
    Finished { waits: usize },
    NotFinished { waits: usize },
}

/// What each run has anew. Boxed, so that all that is done with it is compiled once and not for every test.
struct World<'a> {
    answer: Body<'a>,
    /// Checks the invariant, when it is polled.
    holds: Body<'a>,
}

struct Runs<'a> {
    name: &'static str,
    grader: &'static str,
    world: &'a dyn Fn() -> Pin<Box<dyn Future<Output = World<'a>> + 'a>>,
}

impl Runs<'_> {
    fn all(&self) -> Result<(), Box<Report>> {
        let waits = self.undisturbed()?;
        self.dropped(Place::BeforeFirstPoll)?;
        for nth in 1..=waits {
            self.dropped(Place::Waiting { nth })?;
            self.dropped(Place::Woken { nth })?;
        }
        Ok(())
    }

    /// How often the future is pending before it is ready.
    fn undisturbed(&self) -> Result<usize, Box<Report>> {
        let run = Run::new(self.name, self.grader);
        let mut ended = None;
        run.play(Box::pin(async {
            let World { mut answer, holds } = (self.world)().await;
            let driven = drive(&mut answer, Place::Nowhere).await;
            drop((answer, holds));
            ended = Some((driven, run.beginning()));
        }))?;
        match ended.expect("a body that has finished has left how its answer ended") {
            (Driven::NotFinished { waits }, beginning) => {
                let report = hang::unfinished(waits, beginning);
                Err(Box::new(report))
            }
            (Driven::Finished { waits }, _) => Ok(waits),
            (Driven::Dropped, _) => Ok(0),
        }
    }

    fn dropped(&self, place: Place) -> Result<(), Box<Report>> {
        let run = Run::new(self.name, self.grader);
        run.play(Box::pin(async {
            let clock = Clock::start();
            let World { mut answer, holds } = (self.world)().await;
            let driven = drive(&mut answer, place).await;
            let at = clock.elapsed();
            drop(answer);
            if !matches!(driven, Driven::Dropped) {
                return;
            }
            run.set_scene(Scene {
                said: place.told(&spell(at)),
                timeline: run.timeline(),
            });
            settle().await;
            holds.await;
        }))
    }
}

impl Place {
    fn told(self, at: &str) -> String {
        match self {
            Self::BeforeFirstPoll => "Your answer was dropped before its first poll.".to_owned(),
            Self::Waiting { nth } => format!(
                "Your answer was dropped at {at}, while it waited for the {} time.",
                ordinal(nth)
            ),
            Self::Woken { nth } => format!(
                "Your answer was dropped at {at}, when what it waited for the {} time had come and \
                 it had not been polled again.",
                ordinal(nth)
            ),
            Self::Nowhere => "Your answer was not dropped.".to_owned(),
        }
    }
}

/// Polls `future` until it is at `place`, or ready.
///
/// Nothing but the future's own wakers cause a poll here: the caller awaits nothing else.
async fn drive(future: &mut Body<'_>, place: Place) -> Driven {
    let mut waits = 0;
    std::future::poll_fn(|cx| {
        let before = match place {
            Place::BeforeFirstPoll => true,
            Place::Woken { nth } => waits == nth,
            Place::Waiting { .. } | Place::Nowhere => false,
        };
        if before {
            return Poll::Ready(Driven::Dropped);
        }
        if future.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Driven::Finished { waits });
        }
        waits += 1;
        if place == (Place::Waiting { nth: waits }) {
            return Poll::Ready(Driven::Dropped);
        }
        if waits == TOO_MANY_WAITS {
            return Poll::Ready(Driven::NotFinished { waits });
        }
        Poll::Pending
    })
    .await
}

pub(crate) fn ordinal(n: usize) -> String {
    let ending = match (n % 10, n % 100) {
        (1, last) if last != 11 => "st",
        (2, last) if last != 12 => "nd",
        (3, last) if last != 13 => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn ordinals_end_as_they_are_spoken() {
        let spoken: Vec<_> = [1, 2, 3, 4, 11, 12, 13, 21, 102, 113].map(ordinal).to_vec();
        let expected = [
            "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "113th",
        ];
        assert_eq!(spoken, expected);
    }
}
