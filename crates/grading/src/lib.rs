//! The library that the graders are written with.
//!
//! A grader is a test file with a module for each exercise and a test for each promise of its contract. Time
//! in it is virtual: a download of 100 ms takes exactly 100 ms and no real time, and durations are compared
//! with `==`. This is a whole grader:
//!
//! ```
//! # mod exercises { pub mod gather {
//! #     use grading::web::{Client, Page, WebError};
//! #     pub async fn both(client: &Client, a: &str, b: &str) -> Result<(Page, Page), WebError> {
//! #         tokio::try_join!(client.get(a), client.get(b))
//! #     }
//! # } }
//! use grading::web::Site;
//! use grading::{Clock, Failure, Tasks, check, drop_at_every_await, grade, ms};
//!
//! mod both {
//!     use super::*;
//!     use exercises::gather::both;
//!
//!     # pub
//!     # /*
//!     #[test]
//!     # */
//!     fn downloads_overlap() {
//!         grade(async || {
//!             let site = Site::new().page("/a", ms(70)).page("/b", ms(100));
//!             let clock = Clock::start();
//!             let pages = both(&site.client(), "/a", "/b").await;
//!             let took = clock.elapsed();
//!             check(pages.is_ok() && took == ms(100), || {
//!                 Failure::new(format!("Both pages should arrive within 100ms; it took {took:?}."))
//!                     .usually("that the first one was awaited before the second was started.")
//!                     .read("gather-try-join.html#try_join")
//!             });
//!         });
//!     }
//!
//!     # pub
//!     # /*
//!     #[test]
//!     # */
//!     fn a_dropped_answer_leaves_nothing_behind() {
//!         drop_at_every_await(
//!             async || {
//!                 let site = Site::new().page("/a", ms(70)).page("/b", ms(100));
//!                 let (client, tasks) = (site.client(), Tasks::baseline());
//!                 (async move { both(&client, "/a", "/b").await }, tasks)
//!             },
//!             async |tasks| tasks.check_none_left_behind().await,
//!         );
//!     }
//! }
//! # fn main() {
//! #     both::downloads_overlap();
//! #     both::a_dropped_answer_leaves_nothing_behind();
//! # }
//! ```
//!
//! # Reports
//!
//! A test that fails prints its report on standard error and nothing else: no panic message, no
//! backtrace. A report says what was expected and seen, what that usually means and where to read on, and
//! shows the timeline of the run, if it has lanes:
//!
//! ```text
#![doc = include_str!("../tests/reports/fetch_all-one_after_the_other.txt")]
//! ```
//!
//! Two kinds begin with words that programs look for. `Not started:` is the one-line report of a stub.
//! `Hangs:` begins the report of anything that never ends: a deadlock (when nothing is left to do, the clock
//! jumps an hour ahead), timers or polls that go on forever, a poll that does not return, and a run that takes
//! too much real time.
//! It names a cause only if something was seen that no other cause leads to: for example, that no clone of the
//! answer's waker exists. Otherwise it says what was seen, and where to read on.
//!
//! An answer that is right otherwise fails if one poll of it blocked the thread for 250 ms of real time:
//! nothing else can run in that time, and virtual time does not show it. (Polls of spawned tasks are not
//! watched.)
//!
//! If a poll does not return, nothing on the test's own thread can report it. A watchdog on a second thread
//! prints the report, with the test's name in it, past libtest's capture, and ends the process with code 101.
//!
//! # Slow machines
//!
//! The watchdog waits for 5 seconds of real time; for one second if the answer is polled all the time; and for
//! 15 seconds if the run makes progress. Only the time counts in which the answer computes or sleeps, and not the
//! time in which it waits for a processor, so on a busy machine the limits last longer. (Only Linux tells how long
//! that is. Elsewhere the watchdog counts its own looks, one every 10 ms, of which it loses some on a busy machine.)
//! The environment variable `GRADING_POLL_LIMIT` sets another limit in seconds
//! (at least 0.1), and the others in proportion; set it high to step through an answer in a debugger. A program
//! that runs each test in a process of its own sets `GRADING_ONE_TEST`: then a report does not mention the tests
//! that would come after it, and begins with the character U+001E, which separates it from what the answer
//! printed on standard error.

mod boxed;
mod budget;
mod cases;
mod cause;
mod check;
mod clock;
mod counted;
mod drawn;
mod dropping;
mod explained;
mod failure;
mod gauge;
mod grade;
#[cfg(feature = "loom")]
mod held_locks;
#[cfg(feature = "loom")]
mod interleavings;
mod kept;
mod log;
mod manual_timer;
#[cfg(feature = "loom")]
mod model;
mod must_return;
mod mutants;
pub mod not_send;
#[cfg(feature = "loom")]
mod reentrant_wakers;
mod report;
mod run;
#[doc(hidden)]
pub mod send;
pub mod stages;
pub mod sync;
mod tasks;
mod test_waker;
mod threads;
mod ticker;
mod waker_fn;
mod waker_sequences;
mod watched_thread;
pub mod web;
mod words;

pub use boxed::{join_all, spawn};
pub use budget::with_budget;
pub use cases::{Case, grade_cases, grade_cases_with_threads};
pub use check::check;
pub use clock::{Clock, ms};
pub use counted::{Counted, Counts};
pub use dropping::{drop_at_every_await, drop_one_of_many};
pub use explained::explained;
pub use failure::Failure;
pub use gauge::{Gauge, Held, InFlight};
pub use grade::grade;
#[cfg(feature = "loom")]
pub use interleavings::{every_interleaving, explorable, tries_a_lock, wait_for};
pub use kept::await_and_keep;
pub use log::{Log, lock, shown};
pub use manual_timer::{ManualTimer, TimerEntry};
pub use must_return::must_return;
pub use mutants::{Program, Programs};
#[cfg(feature = "loom")]
pub use reentrant_wakers::reentrant_wakers;
pub use tasks::Tasks;
pub use test_waker::TestWaker;
pub use threads::{HeldClock, must_end, outside_runtime};
pub use ticker::Ticker;
pub use waker_fn::waker_fn;
pub use waker_sequences::every_waker_sequence;
pub use watched_thread::WatchedThread;
pub use words::{counted, in_ms, list, plural, times, were};
