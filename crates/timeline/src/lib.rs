//! Records what a program's futures did on tokio's clock, and draws it.
//!
//! A future that gets a *lane*, by the attribute [`lane`](macro@lane) or by [`InLane`], tells the
//! [`Recorder`] when it was created, polled, woken, finished or dropped. Any tracing event made inside
//! is a *mark* on it. The result is a [`Timeline`]: plain data to assert on, and to draw. What is in it,
//! and what its instants mean, is told in [`model`].
//!
//! ```
//! use std::time::Duration;
//! use futures::future::join;
//! use timeline::{End, Recorder};
//! use tokio::time::{sleep, timeout};
//!
//! #[timeline::lane("fetch {page}")]
//! async fn fetch(page: u32, took: Duration) {
//!     sleep(took).await;
//!     tracing::info!("arrived");
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let recorder = Recorder::new();
//! let _guard = recorder.install();
//!
//! let fast = fetch(1, Duration::from_millis(20));
//! let slow = fetch(2, Duration::from_millis(90));
//! let _ = timeout(Duration::from_millis(60), join(fast, slow)).await;
//!
//! let timeline = recorder.timeline();
//! assert_eq!(timeline.lanes[0].end, End::Finished(Duration::from_millis(20)));
//! assert_eq!(timeline.lanes[1].end, End::Dropped(Duration::from_millis(60)));
//! assert_eq!(format!("\n{}", timeline.to_text(59)), "
//!         0 ms        20 ms       40 ms       60 ms
//!         ├───────────┼───────────┼───────────┼
//! fetch 1 ■───────────●                         20 ms
//!         ◆ 20 ms arrived
//! fetch 2 ■╌╌╌╌╌╌╌╌╌╌╌□╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╳ dropped 60 ms
//! ■ polled  □ polled along, not woken  ─ waits
//! ╌ waits in vain  ◆ mark  ● finished  ╳ dropped
//! ");
//! # }
//! ```
//!
//! A whole program that draws itself begins with [`figure`].
//!
//! # What has no lane
//!
//! Spans, of `#[tracing::instrument]` or made by hand, are not lanes and are ignored. A span is entered
//! and left, and closed at some time: it cannot tell a future that finished from one that was dropped
//! inside its parent's poll, and it does not see wake-ups.
//!
//! # Cost
//!
//! Without a recorder, a lane costs one look at tracing's current subscriber when it is created, and
//! nothing per poll. With one, time and memory grow with the number of things that happen: ten thousand
//! lanes are no feat. The example `cost` measures it.

mod clock;
mod context;
mod draw;
mod figure;
mod lane;
mod listener;
pub mod model;
mod recorder;

pub use figure::{Figure, figure};
pub use lane::{InLane, Lane};
#[doc(inline)]
pub use model::{End, LaneRecord, Mark, Outcome, Poll, Timeline};
pub use recorder::{Installed, Recorder};
/// ```
/// #[timeline::lane("fetch {page}")]
/// async fn fetch(page: u32) -> String {
///     format!("page {page}")
/// }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// assert_eq!(fetch(1).await, "page 1");
/// # });
/// ```
pub use timeline_macros::lane;

/// What the attribute [`lane`](macro@lane) expands to. Not meant to be called by hand.
#[doc(hidden)]
pub mod expansion {
    pub use crate::lane::Seat;

    use crate::lane::Lane;

    /// The future of an async function, in the lane it has taken.
    pub fn in_seat<F: Future>(seat: Option<Seat>, future: F) -> Lane<F> {
        Lane::new(seat, future)
    }

    /// A lane's name, written out.
    pub fn name(arguments: std::fmt::Arguments<'_>) -> String {
        arguments.to_string()
    }

    /// Names what a function returns, also where that is `!`.
    pub trait Returns {
        /// It.
        type Result;
    }

    impl<R> Returns for fn() -> R {
        type Result = R;
    }
}
