//! Dropping a future at every point at which it can be dropped.

mod points;
mod steps;

use std::cell::RefCell;
use std::panic::Location;
use std::pin::Pin;
use std::rc::Rc;

use self::points::{DropPoint, points, sentence};
use self::steps::{Sentinel, Step, Steps};
use crate::clock::Clock;
use crate::report::Report;
use crate::run::{Body, Circumstances, Run, hang, pass};
use crate::tasks::settle;

/// A future that was pending this often will never be ready.
const TOO_MANY_WAITS: usize = 1000;

/// Drops a future at every point at which it can be dropped, and checks an invariant each time.
///
/// A future can be dropped wherever it waits, without notice, while the tasks that it has spawned are anywhere in
/// their work. So an answer is *cancel-safe* if an invariant (every permit is returned, no message is lost, nothing
/// runs on in the background) holds wherever it was dropped.
///
/// `make` makes the future, and next to it whatever the invariant needs. It is called for every run, so
/// that each run starts afresh: a new runtime, a paused clock, a recorder. First the future runs to its
/// end, undisturbed. If it was pending n times on the way, it is dropped at these points, each in a run of
/// its own:
///
/// - before its first poll;
/// - for k from 1 to n, as soon as it has been pending k times, while it waits;
/// - after each poll of a spawned task, whether that woke the future or not, and when the clock has advanced for
///   one. A task that has been polled once may have spawned another one, which nothing aborts;
/// - for k from 1 to n, after it has been woken from its k-th wait and before it is polled again. What was
///   handed to it (a permit, a message, a lock) must not be lost.
///
/// If there are more than 300 points, the first 200 are taken, and 100 of the others.
///
/// After the drop every task gets some turns, without time passing, so that aborted tasks are gone. Then
/// `invariant` gets what `make` returned next to the future. It uses [`check`](crate::check), and may wait.
///
/// Calls that wait for the same thing depend on each other. [`drop_one_of_many`] drops one of several calls.
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
/// # Order of polls
///
/// Tasks are polled in the order in which they were woken, and the future when no task is ready, as in any other
/// run. There is one exception: a task that calls `yield_now` is queued again at once, and not when no other task is
/// ready.
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
    let setup = || -> MakingSetup<'_> {
        Box::pin(async {
            let (future, state) = make().await;
            let answer: Body<'_> = Box::pin(async {
                future.await;
            });
            Setup {
                calls: vec![answer],
                holds: Box::pin(async { invariant(state).await }),
            }
        })
    };
    let runs = Runs {
        name: std::any::type_name::<M>(),
        grader: Location::caller().file(),
        setup: &setup,
    };
    pass(runs.all());
}

/// Drops one of several concurrent calls at every point at which it can be dropped, lets the others run to their
/// end, and checks an invariant each time.
///
/// A call that leaves must not disturb the others. An answer that works for a lone caller may still give a permit to
/// the caller that has left, drop the work that others wait for, or lose the place of a caller whose predecessor
/// failed.
///
/// `make` makes the calls, and next to them whatever the invariant needs. They are polled in one task, each with a
/// waker of its own, in the order in which they are woken; at first in the order of the list. Each of them is dropped
/// at these points, each in a run of its own, until it is ready:
///
/// - before its first poll;
/// - after each of its polls, after each poll of another call or of a spawned task, and whenever the clock has
///   advanced;
/// - after it was woken and before it is polled again.
///
/// The limits are those of [`drop_at_every_await`].
///
/// When the others are ready, `invariant` gets the outputs of all calls in the order of the list, `None` for the
/// one that was dropped, and what `make` returned next to the calls. If another call never ends, the report says that
/// it hangs, and begins with the drop. Put a `timeout` around each call to write a report of your own.
///
/// ```
/// use std::rc::Rc;
///
/// use grading::{Failure, check, drop_one_of_many, ms};
/// use tokio::sync::Semaphore;
///
/// drop_one_of_many(
///     async || {
///         let permits = Rc::new(Semaphore::new(1));
///         let call = |number| {
///             let permits = Rc::clone(&permits);
///             async move {
///                 let _permit = permits.acquire().await;
///                 tokio::time::sleep(ms(10)).await;
///                 number
///             }
///         };
///         ([1, 2, 3].map(call).into(), permits)
///     },
///     async |numbers, permits| {
///         let ended = numbers.iter().flatten().count();
///         check(ended == 2 && permits.available_permits() == 1, || {
///             Failure::new(format!("The other 2 calls should end; {ended} did."))
///         });
///     },
/// );
/// ```
///
/// It is a whole test, and its reports read as in this one, of a lock that wakes the first waiter even if that has
/// left:
///
/// ```text
#[doc = include_str!("../tests/reports/wakes_the_caller_that_has_left.txt")]
/// ```
///
/// # Panics
///
/// As [`drop_at_every_await`].
#[track_caller]
pub fn drop_one_of_many<M, F, W, I>(make: M, invariant: I)
where
    M: AsyncFn() -> (Vec<F>, W),
    F: Future,
    I: AsyncFn(Vec<Option<F::Output>>, W),
{
    let invariant = &invariant;
    let setup = || -> MakingSetup<'_> {
        Box::pin(async {
            let (futures, state) = make().await;
            let none = futures.iter().map(|_| None).collect();
            let outputs: Rc<RefCell<Vec<Option<F::Output>>>> = Rc::new(RefCell::new(none));
            let calls = futures.into_iter().enumerate().map(|(call, future)| {
                let outputs = Rc::clone(&outputs);
                let storing: Body<'_> = Box::pin(async move {
                    let output = future.await;
                    outputs.borrow_mut()[call] = Some(output);
                });
                storing
            });
            let calls = calls.collect();
            let holds = Box::pin(async move {
                let outputs = outputs.take();
                invariant(outputs, state).await;
            });
            Setup { calls, holds }
        })
    };
    let runs = Runs {
        name: std::any::type_name::<M>(),
        grader: Location::caller().file(),
        setup: &setup,
    };
    pass(runs.all());
}

/// What each run starts with. It is boxed, so that the code that uses it is compiled once instead of for every
/// test.
struct Setup<'a> {
    calls: Vec<Body<'a>>,
    /// Checks the invariant, when it is polled.
    holds: Body<'a>,
}

type MakingSetup<'a> = Pin<Box<dyn Future<Output = Setup<'a>> + 'a>>;

struct Runs<'a> {
    name: &'static str,
    grader: &'static str,
    setup: &'a dyn Fn() -> MakingSetup<'a>,
}

/// How an undisturbed run ended.
enum Undisturbed {
    Finished { steps: Vec<Step>, calls: usize },
    NotFinished,
}

impl Runs<'_> {
    fn all(&self) -> Result<(), Box<Report>> {
        let (steps, calls) = self.undisturbed()?;
        for point in points(&steps, calls) {
            self.dropped(point)?;
        }
        Ok(())
    }

    /// The steps of a run in which nothing is dropped, and how many calls there are.
    fn undisturbed(&self) -> Result<(Vec<Step>, usize), Box<Report>> {
        let run = Run::new(self.name, self.grader);
        let mut ended = None;
        run.play_in_steps(Box::pin(async {
            let sentinel = Sentinel::spawn().await;
            let Setup { calls, holds } = (self.setup)().await;
            let mut steps = Steps::new(&run, calls, sentinel);
            let finished = all_steps(&mut steps).await;
            drop((steps, holds));
            ended = Some((finished, run.timeline(), run.beginning()));
        }))?;
        match ended.expect("a body that has finished has stored how its calls ended") {
            (Undisturbed::NotFinished, all, beginning) => {
                Err(Box::new(hang::unfinished(TOO_MANY_WAITS, &all, beginning)))
            }
            (Undisturbed::Finished { steps, calls }, ..) => Ok((steps, calls)),
        }
    }

    /// If a call waits in another way than in the undisturbed run, the point may not exist.
    fn dropped(&self, point: DropPoint) -> Result<(), Box<Report>> {
        let run = Run::new(self.name, self.grader);
        run.play_in_steps(Box::pin(async {
            let sentinel = Sentinel::spawn().await;
            let clock = Clock::start();
            let Setup { calls, holds } = (self.setup)().await;
            let mut steps = Steps::new(&run, calls, sentinel);
            let Some((step, task_polls)) = step_to(&mut steps, point.step).await else {
                return;
            };
            let sentence = sentence(&steps, point.call, step, task_polls, clock.elapsed());
            if !steps.cancel(point.call) {
                return;
            }
            run.set_circumstances(Circumstances {
                sentence,
                timeline: run.timeline(),
            });
            while steps.next().await.is_some() {}
            drop(steps);
            settle().await;
            holds.await;
        }))
    }
}

async fn all_steps(steps: &mut Steps<'_>) -> Undisturbed {
    let mut taken = Vec::new();
    while let Some(step) = steps.next().await {
        taken.push(step);
        if let Step::Polled { call, .. } = step
            && steps.waits(call) == TOO_MANY_WAITS
        {
            return Undisturbed::NotFinished;
        }
    }
    Undisturbed::Finished {
        steps: taken,
        calls: steps.count(),
    }
}

/// Goes on to the step with this index. Returns it, and how often tasks were polled on the way.
async fn step_to(steps: &mut Steps<'_>, index: usize) -> Option<(Step, usize)> {
    let mut task_polls = 0;
    for _ in 0..index {
        let step = steps.next().await?;
        task_polls += usize::from(step == Step::TaskPolled);
    }
    let step = steps.next().await?;
    task_polls += usize::from(step == Step::TaskPolled);
    Some((step, task_polls))
}
