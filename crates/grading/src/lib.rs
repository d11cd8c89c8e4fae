//! What the graders are written with.
//!
//! A grader is a test file: a module for each exercise, a test for each promise of its contract. Time
//! in it is virtual, so a download of 100 ms takes 100 ms to the nanosecond and no real time, and
//! durations are compared with `==`. This is one, whole:
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
//!                 Failure::new(format!("Both pages should be here after 100ms; it took {took:?}."))
//!                     .usually("that the first one was awaited before the second was started.")
//!                     .read("gather.html#try_join")
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
//! backtrace. A report says what was expected and seen, what that usually means, where to read on, and
//! shows the timeline of the run, if it has lanes:
//!
//! ```text
#![doc = include_str!("../tests/reports/fetch_all-in_turn.txt")]
//! ```
//!
//! Two kinds begin with a word that programs may look for. `Not started:` is all there is to say of a
//! stub; it is one line. `Hangs:` is said of everything that never ends: a deadlock (the clock jumps an
//! hour ahead when everything is idle), timers or polls that go on for ever, a poll that does not
//! return, and a run that takes its time in real time.
//!
//! An answer that is right in all else fails if one poll of it held the thread for 250 ms of real
//! time: whoever blocks for a while blocks everybody, and virtual time does not show it. (Polls of
//! spawned tasks are not watched.)
//!
//! For a poll that does not return nothing on the test's own thread can help. A watchdog on a second
//! thread prints the report, with the test's name in it, past libtest's capture, and ends the process
//! with code 101.
//!
//! # Slow machines
//!
//! The watchdog waits for 5 seconds of real time, for one if the answer is polled all the time, and for
//! three times as long if the run gets on. It counts looks at the run, 10 ms apart, and a machine that is busy elsewhere makes it lose some. The
//! environment variable `GRADING_POLL_LIMIT` sets another limit, in seconds (at least 0.1), and the
//! others in proportion; set it high to step through an answer in a debugger. Who runs each test in a
//! process of its own sets `GRADING_ONE_TEST`: then a report says nothing of the tests that come after, and
//! begins with the character U+001E, which parts it from what the answer printed on standard error.

mod clock;
mod counted;
mod dropping;
mod failure;
mod gauge;
mod grade;
#[cfg(feature = "loom")]
mod interleaving;
pub mod lab;
mod manual_timer;
pub mod not_send;
mod report;
mod run;
#[doc(hidden)]
pub mod send;
mod shuffled;
pub mod sync;
mod tasks;
mod test_waker;
mod ticker;
pub mod web;

pub use clock::{Clock, ms, times};
pub use counted::{Counted, Counts};
pub use dropping::drop_at_every_await;
pub use failure::{Failure, check};
pub use gauge::{Gauge, InFlight};
pub use grade::grade;
#[cfg(feature = "loom")]
pub use interleaving::{every_interleaving, explorable, wait_for};
pub use manual_timer::{ManualTimer, TimerEntry};
pub use shuffled::{Shuffle, shuffled};
pub use tasks::Tasks;
pub use test_waker::TestWaker;
pub use ticker::Ticker;
