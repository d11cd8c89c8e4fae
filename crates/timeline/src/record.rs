//! A timeline as text, for a program that did not record it and draws it.
//!
//! A drawing that a program hands over can contain anything, whether this crate made it or not. Another program takes
//! the events instead, and draws them itself:
//!
//! ```text
//! timeline 120000000      the version, and the end in nanoseconds
//! created 0 - fetch 1     nanoseconds since the previous event, the lane around it, the name
//! polled 0 0 0 0 P-       the time since, the lane, how long it took and blocked, how it ended, whether it was woken
//! marked 0 0 asks         the time since, the lane (or `-`), the text
//! woken 100000000 0       the time since, the lane
//! polled 0 0 0 0 Rw
//! ended 0 0 finished      the time since, the lane, how it ended
//! again 2 199998          the previous two lines happened 199,998 more times
//! ```
//!
//! A line may be repeated because a loop that does not end does the same again and again. Events that were not recorded
//! by this crate are refused: a lane that has not been created, a poll after its end, or too many of them.

mod read;
mod write;

use crate::model::Timeline;
pub(crate) use read::MOST_EVENTS;

/// The first word of a record.
const HEADER: &str = "timeline";

impl Timeline {
    /// The timeline as text, from which [`from_record`](Timeline::from_record) makes the same timeline again.
    ///
    /// ```
    /// use timeline::{InLane, Recorder, Timeline};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let recorder = Recorder::new();
    /// let _guard = recorder.install();
    /// async { tracing::info!("hello") }.in_lane("greeter").await;
    ///
    /// let timeline = recorder.timeline();
    /// assert_eq!(Timeline::from_record(&timeline.to_record()), Some(timeline));
    /// # }
    /// ```
    pub fn to_record(&self) -> String {
        write::record(self)
    }

    /// The timeline that [`to_record`](Timeline::to_record) wrote, or `None` if it cannot have written this text. Whatever
    /// the text is, the timeline can be drawn, and the time and the memory that this takes have a limit.
    pub fn from_record(record: &str) -> Option<Self> {
        read::timeline(record)
    }
}
