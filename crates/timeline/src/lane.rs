//! Futures with a lane.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll, Wake, Waker};

use pin_project_lite::pin_project;
use tracing::dispatcher::{self, Dispatch};

use crate::context;
use crate::model::Outcome;
use crate::recording::Recording;
use crate::subscriber::MarkSubscriber;

/// Gives any future a lane.
///
/// ```
/// use timeline::InLane;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let answer = async { 42 }.in_lane("compute").await;
/// assert_eq!(answer, 42);
/// # }
/// ```
pub trait InLane: Future + Sized {
    /// Wraps the future in a lane called `name`. The lane begins now.
    fn in_lane(self, name: impl Into<String>) -> Lane<Self> {
        Lane::new(LaneHandle::create(|| name.into()), self)
    }
}

impl<F: Future> InLane for F {}

pin_project! {
    /// A future with a lane of its own, made by [`InLane::in_lane`] or [`lane`](macro@crate::lane).
    ///
    /// It behaves like the future inside, and records what that does. Without a recorder it costs very
    /// little.
    ///
    /// # Cancel safety
    ///
    /// That of the future inside. Dropping it before it is ready drops the future inside at once, and
    /// is recorded as [`End::Dropped`](crate::End::Dropped).
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Lane<F> {
        // `None` only during the drop.
        #[pin]
        future: Option<F>,
        handle: Option<LaneHandle>,
        wakers: Option<Wakers>,
    }

    impl<F> PinnedDrop for Lane<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            // Marks that the future's destructors make belong to its lane.
            let _dropping = this.handle.as_ref().and_then(Running::drop_of);
            this.future.set(None);
        }
    }
}

impl<F> Lane<F> {
    pub(crate) fn new(handle: Option<LaneHandle>, future: F) -> Self {
        Self {
            future: Some(future),
            handle,
            wakers: None,
        }
    }
}

impl<F: Future> Future for Lane<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let future = this
            .future
            .as_pin_mut()
            .expect("a lane has its future until it is dropped");
        let Some(handle) = this.handle else {
            return future.poll(cx);
        };
        let Some(mut running) = Running::poll_of(handle) else {
            return future.poll(cx);
        };
        let wakers = Wakers::reuse_or_make(this.wakers, handle, cx.waker());
        let result = future.poll(&mut Context::from_waker(&wakers.own));
        running.returned(&result);
        if result.is_ready() {
            // Otherwise the waker of the future around it would seem to be stored.
            *this.wakers = None;
        }
        result
    }
}

impl<F> std::fmt::Debug for Lane<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lane").finish_non_exhaustive()
    }
}

/// A lane of a recording.
#[derive(Debug)]
pub struct LaneHandle {
    recording: Arc<Recording>,
    lane: usize,
    /// Marks go to the thread's default subscriber, so a lane brings its own to other threads.
    dispatch: Dispatch,
}

impl LaneHandle {
    /// Creates a lane in the recording of this thread, if there is one.
    pub fn create(name: impl FnOnce() -> String) -> Option<Self> {
        let dispatch = dispatcher::get_default(|dispatch| {
            MarkSubscriber::recording_of(dispatch).map(|_| dispatch.clone())
        })?;
        let recording = Arc::clone(MarkSubscriber::recording_of(&dispatch)?);
        // The program's own code makes the name. It may panic or make marks, so it runs before the lane exists.
        let lane = recording.create(name());
        Some(Self {
            recording,
            lane,
            dispatch,
        })
    }
}

/// The waker that a lane passes on: it records the wake-up, then calls the waker that the lane was polled with.
#[derive(Debug)]
struct LaneWaker {
    recording: Arc<Recording>,
    lane: usize,
    outer: Waker,
}

impl Wake for LaneWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.recording.wake(self.lane);
        self.outer.wake_by_ref();
    }
}

/// The wakers of the last poll. The future inside gets the same waker as long as the lane does.
#[derive(Debug)]
struct Wakers {
    outer: Waker,
    own: Waker,
}

impl Wakers {
    fn reuse_or_make<'a>(
        slot: &'a mut Option<Self>,
        handle: &LaneHandle,
        outer: &Waker,
    ) -> &'a Self {
        if !matches!(slot, Some(wakers) if wakers.outer.will_wake(outer)) {
            *slot = None;
        }
        slot.get_or_insert_with(|| {
            let own = Arc::new(LaneWaker {
                recording: Arc::clone(&handle.recording),
                lane: handle.lane,
                outer: outer.clone(),
            });
            let shared: Weak<LaneWaker> = Arc::downgrade(&own);
            handle.recording.gives_waker(handle.lane, shared);
            Self {
                outer: outer.clone(),
                own: Waker::from(own),
            }
        })
    }
}

/// While this exists, the lane is the innermost one on this thread. When it is dropped, also by a panic, it records
/// what the lane did.
struct Running<'a> {
    handle: &'a LaneHandle,
    work: Work,
    _default: Option<dispatcher::DefaultGuard>,
}

enum Work {
    Poll { index: usize, outcome: Outcome },
    Drop,
}

impl<'a> Running<'a> {
    /// `None` if the lane has ended: a further poll is not recorded.
    fn poll_of(handle: &'a LaneHandle) -> Option<Self> {
        let index = handle.recording.begin_poll(handle.lane)?;
        Some(Self::enter(
            handle,
            Work::Poll {
                index,
                outcome: Outcome::Panicked,
            },
        ))
    }

    /// `None` if the lane has ended.
    fn drop_of(handle: &'a LaneHandle) -> Option<Self> {
        handle
            .recording
            .is_pending(handle.lane)
            .then(|| Self::enter(handle, Work::Drop))
    }

    fn enter(handle: &'a LaneHandle, work: Work) -> Self {
        let default = (!MarkSubscriber::is_default_for(&handle.recording))
            .then(|| dispatcher::set_default(&handle.dispatch));
        context::enter(handle.recording.id(), handle.lane);
        Self {
            handle,
            work,
            _default: default,
        }
    }

    fn returned<T>(&mut self, result: &Poll<T>) {
        if let Work::Poll { outcome, .. } = &mut self.work {
            *outcome = match result {
                Poll::Ready(_) => Outcome::Ready,
                Poll::Pending => Outcome::Pending,
            };
        }
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let taken = context::leave();
        let LaneHandle {
            recording, lane, ..
        } = self.handle;
        match self.work {
            Work::Poll { index, outcome } => recording.end_poll(*lane, index, &taken, outcome),
            Work::Drop => recording.dropped(*lane, &taken),
        }
    }
}
