//! Starts and reads a recording.

use std::sync::Arc;
use std::time::Duration;

use tracing::Dispatch;

use crate::model::Timeline;
use crate::recording::Recording;
use crate::subscriber::{self, MarkSubscriber};
use crate::waiting::Waiting;

/// Records lanes and marks. A cheap handle: clones share the recording.
///
/// ```
/// use timeline::{InLane, Recorder};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let recorder = Recorder::new();
/// let _guard = recorder.install();
/// async { tracing::info!("hello") }.in_lane("greeter").await;
///
/// let timeline = recorder.timeline();
/// assert_eq!(timeline.lanes[0].name, "greeter");
/// assert_eq!(timeline.lanes[0].marks[0].text, "hello");
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Recorder {
    recording: Arc<Recording>,
    dispatch: Dispatch,
}

/// While this exists, the thread that made it records. See [`Recorder::install`].
#[must_use = "recording stops when the guard is dropped"]
#[derive(Debug)]
pub struct Installed {
    _default: tracing::subscriber::DefaultGuard,
}

impl Recorder {
    /// A recorder with an empty recording. It records only once it is installed.
    #[expect(
        clippy::new_without_default,
        reason = "a recorder is a handle and not a value with a default"
    )]
    pub fn new() -> Self {
        subscriber::keep_every_callsite_enabled();
        let recording = Arc::new(Recording::new());
        let dispatch = Dispatch::new(MarkSubscriber::new(Arc::clone(&recording)));
        Self {
            recording,
            dispatch,
        }
    }

    /// Starts recording what this thread does, as long as the guard exists. This is time zero.
    ///
    /// A lane keeps its recorder when it moves to another thread, and passes it on to the lanes and marks
    /// made inside it.
    ///
    /// Call it inside the runtime. Outside there is only the real clock, of which only whole tenths of a
    /// second count.
    pub fn install(&self) -> Installed {
        self.recording.start_clock();
        Installed {
            _default: tracing::dispatcher::set_default(&self.dispatch),
        }
    }

    /// Starts recording what every thread does, until the process ends. This is time zero.
    pub(crate) fn install_everywhere(
        &self,
    ) -> Result<(), tracing::dispatcher::SetGlobalDefaultError> {
        self.recording.start_clock();
        tracing::dispatcher::set_global_default(self.dispatch.clone())
    }

    /// Uses this clock from here on.
    pub(crate) fn by_clock(&self, now: impl Fn() -> Duration + Send + 'static) {
        self.recording.use_clock(now);
    }

    /// What was recorded so far. It can be called from any thread. Lanes that have not ended are
    /// [`End::Pending`](crate::End::Pending), and a poll that has not returned lasts until now.
    pub fn timeline(&self) -> Timeline {
        self.recording.snapshot()
    }

    /// What can wake the lane with this index, or `None` if it has ended.
    ///
    /// A lane hands its future a waker of its own, and can tell whether clones of that exist. Those that a lane
    /// inside it owns count as well, so ask the innermost lanes that have not ended.
    ///
    /// ```
    /// use std::pin::pin;
    ///
    /// use timeline::{InLane, Recorder, Waiting};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let recorder = Recorder::new();
    /// let _guard = recorder.install();
    /// let pending = pin!(std::future::pending::<()>().in_lane("pending"));
    /// assert_eq!(recorder.waiting(0), Some(Waiting::NeverPolled));
    /// assert!(futures::poll!(pending).is_pending());
    /// assert_eq!(recorder.waiting(0), Some(Waiting::NotStored));
    /// # }
    /// ```
    pub fn waiting(&self, lane: usize) -> Option<Waiting> {
        self.recording.waiting(lane)
    }
}
