//! Records what a program's futures did on tokio's clock, and draws it.
//!
//! The attribute [`lane`](macro@lane), or the trait [`InLane`], gives a future a *lane*. The [`Recorder`]
//! then records when the future is created, polled, woken, finished or dropped. Tracing events inside it
//! are *marks* on its lane. The result is a [`Timeline`]: plain data to assert on, and to draw. [`model`]
//! describes what is in it and what its instants mean.
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
//! ■ polled  □ polled without a wake-up  ─ waiting
//! ╌ waiting, later dropped  ◆ mark  ● finished  ╳ dropped
//! ");
//! # }
//! ```
//!
//! A program that draws its own timeline begins with [`figure`].
//!
//! # Spans are not lanes
//!
//! Spans, from `#[tracing::instrument]` or made by hand, are ignored. A span is entered, exited and at some
//! time closed: it cannot distinguish a future that finished from one that was dropped inside its parent's
//! poll, and it does not see wake-ups.
//!
//! # Cost
//!
//! Without a recorder, a lane costs one look-up of tracing's current subscriber when it is created, and
//! nothing per poll. With one, time and memory grow linearly with the number of events; ten thousand lanes
//! are no problem. The example `cost` measures it.

mod clock;
mod context;
mod draw;
mod figure;
mod lane;
pub mod model;
mod record;
mod recorder;
mod recording;
mod subscriber;
mod waiting;

pub use draw::words::{milliseconds, seconds};
pub use figure::{Figure, RecordedFigure, figure};
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
pub use waiting::Waiting;

/// What the attribute [`lane`](macro@lane) expands to. It is not meant to be used directly.
#[doc(hidden)]
pub mod expansion {
    pub use crate::lane::LaneHandle;

    use crate::lane::Lane;

    /// The future of an async function, in the lane that was created for it.
    pub fn in_lane<F: Future>(lane: Option<LaneHandle>, future: F) -> Lane<F> {
        Lane::new(lane, future)
    }

    /// The name of a lane.
    pub fn name(arguments: std::fmt::Arguments<'_>) -> String {
        arguments.to_string()
    }

    /// Names the return type of a function, even if that is `!`.
    pub trait Returns {
        /// The return type.
        type Result;
    }

    impl<R> Returns for fn() -> R {
        type Result = R;
    }
}
