//! Grades tests that a learner has written, by trying them on right and on wrong programs.

mod slept;
mod tally;

use std::any::type_name;
use std::hash::{BuildHasher, RandomState};
use std::panic::Location;
use std::time::Duration;

use self::slept::Slept;
use self::tally::{Outcome, Tally, play};
use crate::cases::{Case, seeds};
use crate::failure::Failure;
use crate::report::Report;
use crate::run::{Body, pass};
use crate::words::in_ms;

/// With how many seeds a right program must pass.
const SEEDS_OF_RIGHT: u64 = 200;

/// With how many seeds a wrong program must be found.
const SEEDS_OF_WRONG: u64 = 20;

/// With how many seeds the time is measured for which tests sleep.
const MEASURED: u64 = 10;

/// Tests that sleep for less than this in all measured runs do not sleep. The system counts the time at work in steps of up
/// to 10 ms.
const NOTICED: Duration = Duration::from_millis(20);

/// Where the book explains what a test that sleeps costs.
const PAUSED_CLOCK: &str = "testing.html#a-paused-clock";

/// Where the book explains what tests should do about waits that may never end.
const TIME_LIMITS: &str = "testing-fakes.html#a-time-limit-for-each-wait";

/// Where the book shows a panic that stays in its task.
const PANIC_IN_A_TASK: &str = "testing-pitfalls.html#an-assertion-in-a-task-that-is-not-awaited";

/// A program on which tests are tried.
///
/// `P` says to the grader which one it is. What the tests are given should have the same type for all programs, and decide by
/// the value of a private field what it does: safe code cannot look at that, and `std::any::type_name` tells nothing.
#[derive(Debug, Clone, Copy)]
pub struct Program<P> {
    /// Which program it is.
    pub kind: P,
    /// Completes "this wrong program: it" or, for a right one, "a program that keeps the contract. It".
    pub does: &'static str,
    /// What tests usually lack that pass it, to complete "This usually means that".
    pub usually: &'static str,
}

/// The programs on which the tests of an exercise are tried.
///
/// The learner's tests are one `async fn`, which panics if a program breaks its contract, and returns otherwise. Each run has a
/// fresh runtime and a paused clock, like one of [`grade_cases`](crate::grade_cases), and a [`Case`] from which the program
/// draws what its contract leaves open, such as how often a future is pending.
///
/// ```
/// use grading::{Case, Program, Programs};
///
/// #[derive(Clone, Copy, PartialEq)]
/// enum Kind { Right, Forgets }
///
/// /// All programs have this type.
/// struct Register { kind: Kind, value: u32, case: Case }
///
/// impl Register {
///     async fn set(&mut self, value: u32) {
///         self.case.turns().await;
///         if self.kind == Kind::Right {
///             self.value = value;
///         }
///     }
/// }
///
/// const PROGRAMS: Programs<Kind> = Programs {
///     right: &[Program { kind: Kind::Right, does: "keeps the last value.", usually: "" }],
///     wrong: &[Program {
///         kind: Kind::Forgets,
///         does: "it forgets each value.",
///         usually: "no test reads a value after it was set.",
///     }],
///     read: "testing.html",
/// };
///
/// async fn tests(mut register: Register) {
///     register.set(7).await;
///     assert_eq!(register.value, 7);
/// }
///
/// let register = |kind, case| Register { kind, value: 0, case };
/// PROGRAMS.right_ones_pass(async |kind, case| tests(register(kind, case)).await);
/// PROGRAMS.wrong_ones_fail(async |kind, case| tests(register(kind, case)).await);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Programs<P: 'static> {
    /// Programs that keep the contract. They differ in what it leaves open.
    pub right: &'static [Program<P>],
    /// Programs that break one sentence of the contract each. The one that is found most easily comes first.
    pub wrong: &'static [Program<P>],
    /// Where the book explains how to write these tests.
    pub read: &'static str,
}

/// The tests, boxed for one program, so that the code below is compiled once.
type Tests<'a, P> = &'a dyn Fn(P, Case) -> Body<'a>;

impl<P: Copy> Programs<P> {
    /// Fails if the tests fail one of the right programs with one of 200 seeds, do not end, or sleep in real time.
    ///
    /// # Panics
    ///
    /// It is a whole test, like [`grade`](crate::grade), and must not be called inside it. It fails the test with a report.
    #[track_caller]
    pub fn right_ones_pass<F: AsyncFn(P, Case)>(&self, tests: F) {
        let grader = Location::caller().file();
        let tests = |kind, case| -> Body<'_> { Box::pin(tests(kind, case)) };
        pass(self.grade_right(type_name::<F>(), grader, &tests));
    }

    /// Fails if the tests pass one of the wrong programs with one of 20 seeds, do not end, or sleep in real time.
    ///
    /// The right programs are among those that are tried, in random order, so that tests which always panic, or count how often
    /// they are called, do not pass.
    ///
    /// # Panics
    ///
    /// It is a whole test, like [`grade`](crate::grade), and must not be called inside it. It fails the test with a report.
    #[track_caller]
    pub fn wrong_ones_fail<F: AsyncFn(P, Case)>(&self, tests: F) {
        let grader = Location::caller().file();
        let tests = |kind, case| -> Body<'_> { Box::pin(tests(kind, case)) };
        pass(self.grade_wrong(type_name::<F>(), grader, &tests));
    }

    fn grade_right(&self, name: &str, grader: &'static str, tests: Tests<'_, P>) -> Graded {
        self.take_no_real_time(name, grader, tests)?;
        for program in self.right {
            let mut tally = Tally::default();
            for seed in seeds(SEEDS_OF_RIGHT) {
                tally.add(play(name, grader, seed, program.kind, tests));
                if tally.reported.is_some() {
                    break;
                }
            }
            self.judge_right(program, tally)?;
        }
        Ok(())
    }

    fn grade_wrong(&self, name: &str, grader: &'static str, tests: Tests<'_, P>) -> Graded {
        self.take_no_real_time(name, grader, tests)?;
        let programs: Vec<_> = self.right.iter().chain(self.wrong).collect();
        let mut tallies: Vec<_> = programs.iter().map(|_| Tally::default()).collect();
        for seed in seeds(SEEDS_OF_WRONG) {
            for at in shuffled(programs.len()) {
                // A run that never ends takes long, and the next one would not end either.
                if tallies[at].reported.is_none() {
                    tallies[at].add(play(name, grader, seed, programs[at].kind, tests));
                }
            }
        }
        let wrong = tallies.split_off(self.right.len());
        for (program, tally) in self.right.iter().zip(tallies) {
            self.judge_right(program, tally)?;
        }
        self.judge_wrong(wrong)
    }

    /// A right program is tried, because a wrong one may keep tests from their end.
    fn take_no_real_time(&self, name: &str, grader: &'static str, tests: Tests<'_, P>) -> Graded {
        let Some(program) = self.right.first() else {
            return Ok(());
        };
        let mut shortest = Duration::MAX;
        // What the system measures wrongly is not the same twice.
        for _ in 0..3 {
            let slept = Slept::start();
            for seed in 0..MEASURED {
                if let (Outcome::Reported(report), _) =
                    play(name, grader, seed, program.kind, tests)
                {
                    return Err(of_right(report, program));
                }
            }
            shortest = shortest.min(slept.so_far());
            if shortest < NOTICED {
                return Ok(());
            }
        }
        let each = shortest.as_millis() as u64 / MEASURED;
        let failure = Failure::new(format!(
            "Your tests should take no real time; they sleep for about {} of it in each run.",
            in_ms(Duration::from_millis(each.next_multiple_of(10)))
        ))
        .usually(
            "that they call `std::thread::sleep`, wait for a thread, or resume the clock. Each run has a paused clock, on \
             which `tokio::time::sleep` takes no real time.",
        )
        .read(PAUSED_CLOCK);
        Err(Box::new(Report::of(&failure).in_real_time()))
    }

    fn judge_right(&self, program: &Program<P>, tally: Tally) -> Graded {
        if let Some((report, drawn)) = tally.reported {
            let mut report = of_right(report, program);
            report.add_case(drawn.sentence(false));
            return Err(report);
        }
        let Some((message, drawn)) = tally.failed else {
            return Ok(());
        };
        let seen = format!("Your tests fail a program that keeps the contract: {message}");
        let sometimes = tally.passed > 0;
        let failure = Failure::new(seen).read(self.read).usually(if sometimes {
            "that they depend on something that the contract leaves open: for example, how often a future is pending, or the order \
             of two things at the same instant."
        } else {
            "that they ask for more than the contract promises, or that their own steps are wrong."
        });
        let mut report = Report::of(&failure);
        report.seen.push(format!("It {}", program.does));
        if sometimes {
            let failed = tally.runs - tally.passed;
            report
                .seen
                .push(format!("They fail with {failed} of {} seeds.", tally.runs));
            report.add_case(drawn.sentence(false));
        }
        Err(Box::new(report))
    }

    fn judge_wrong(&self, tallies: Vec<Tally>) -> Graded {
        let all = tallies.len();
        let mut left: Vec<_> = self.wrong.iter().zip(tallies).collect();
        left.retain(|(_, tally)| tally.passed > 0 || tally.reported.is_some());
        let count = left.len();
        let Some((program, tally)) = left.into_iter().next() else {
            return Ok(());
        };
        let does = program.does;
        let found = format!(
            "They find {} of {all} wrong programs; this is the first of the others.",
            all - count
        );
        if let Some((report, drawn)) = tally.reported {
            if report.cause.is_none() {
                // A stub, or a run that has blocked the thread: it is not about this program.
                return Err(report);
            }
            let failure = Failure::new(format!(
                "Your tests never end with this wrong program: {does}"
            ))
            .usually(
                "that they wait for something that it never does. `tokio::time::timeout` around each wait makes a failure of it.",
            )
            .read(TIME_LIMITS);
            let mut report = Report::of(&failure);
            report.seen.push(found);
            report.add_case(drawn.sentence(false));
            return Err(Box::new(report));
        }
        let sometimes = tally.passed < tally.runs;
        let seeds = if sometimes {
            format!(" with {} of {} seeds", tally.passed, tally.runs)
        } else {
            String::new()
        };
        let seen = format!("Your tests pass this wrong program{seeds}: {does}");
        let failure = match &tally.in_a_task {
            Some(panic) => Failure::new(format!("{seen} A task of theirs has panicked at {panic}"))
                .usually("that an assertion is in a task whose result is ignored, so that its panic fails nothing.")
                .read(PANIC_IN_A_TASK),
            None => Failure::new(seen)
                .usually(format!("that {}", program.usually))
                .read(self.read),
        };
        let mut report = Report::of(&failure);
        report.seen.push(found);
        if let Some(drawn) = tally.first_passed.filter(|_| sometimes) {
            report.add_case(drawn.sentence(false));
        }
        Err(Box::new(report))
    }
}

type Graded = Result<(), Box<Report>>;

/// The report of a run that has not come to its end, with the program's name.
fn of_right<P>(mut report: Box<Report>, program: &Program<P>) -> Box<Report> {
    report.add_case(format!(
        "This was with a program that keeps the contract. It {}",
        program.does
    ));
    report
}

/// The numbers below `count` in an order that no program can foresee.
fn shuffled(count: usize) -> Vec<usize> {
    let random = RandomState::new();
    let mut order: Vec<_> = (0..count).collect();
    order.sort_by_cached_key(|at| random.hash_one(at));
    order
}

#[cfg(test)]
mod tests;
