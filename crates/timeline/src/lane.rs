//! Futures that have a lane.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use pin_project_lite::pin_project;
use tracing::dispatcher::{self, Dispatch};

use crate::context;
use crate::listener::Listener;
use crate::model::Outcome;
use crate::recorder::Shared;

/// Gives any future a lane.
///
/// ```
/// use timeline::InLane;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let answer = async { 42 }.in_lane("thinker").await;
/// assert_eq!(answer, 42);
/// # }
/// ```
pub trait InLane: Future + Sized {
    /// The same future, with a lane called `name`. The lane begins here.
    fn in_lane(self, name: impl Into<String>) -> Lane<Self> {
        Lane::new(Seat::take(|| name.into()), self)
    }
}

impl<F: Future> InLane for F {}

pin_project! {
    /// A future with a lane of its own: made by [`InLane::in_lane`] and by [`lane`](macro@crate::lane).
    ///
    /// It does what the future inside does and records it. Where nothing records, it costs next to
    /// nothing.
    ///
    /// # Cancel safety
    ///
    /// That of the future inside. Dropping it before it is ready drops the future inside at once, and
    /// is recorded as [`End::Dropped`](crate::End::Dropped).
    #[must_use = "futures do nothing unless you `.await` or poll them"]
    pub struct Lane<F> {
        // `None` only while it is being dropped.
        #[pin]
        future: Option<F>,
        seat: Option<Seat>,
        wiring: Option<Wiring>,
    }

    impl<F> PinnedDrop for Lane<F> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            // What the future's destructors mark belongs to its lane.
            let _dropping = this.seat.as_ref().and_then(Running::drop_of);
            this.future.set(None);
        }
    }
}

impl<F> Lane<F> {
    pub(crate) fn new(seat: Option<Seat>, future: F) -> Self {
        Self {
            future: Some(future),
            seat,
            wiring: None,
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
        let Some(seat) = this.seat else {
            return future.poll(cx);
        };
        let Some(mut running) = Running::poll_of(seat) else {
            return future.poll(cx);
        };
        let wiring = Wiring::reuse_or_lay(this.wiring, seat, cx.waker());
        let result = future.poll(&mut Context::from_waker(&wiring.waker));
        running.returned(&result);
        result
    }
}

impl<F> std::fmt::Debug for Lane<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lane").finish_non_exhaustive()
    }
}

/// A place in somebody's recording.
#[derive(Debug)]
pub struct Seat {
    recording: Arc<Shared>,
    lane: usize,
    /// Marks go wherever the thread's default leads, so a lane takes its own along to other threads.
    dispatch: Dispatch,
}

impl Seat {
    /// A new lane in the recording that runs on this thread, if one does.
    pub fn take(name: impl FnOnce() -> String) -> Option<Self> {
        let dispatch = dispatcher::get_default(|dispatch| {
            Listener::recording_of(dispatch).map(|_| dispatch.clone())
        })?;
        let recording = Arc::clone(Listener::recording_of(&dispatch)?);
        // A name is made by the program's own code: it may panic or record, and there is no lane yet.
        let lane = recording.create(name());
        Some(Self {
            recording,
            lane,
            dispatch,
        })
    }
}

/// The waker a lane hands on: it records the wake-up, then wakes whoever polled the lane.
#[derive(Debug)]
struct LaneWaker {
    recording: Arc<Shared>,
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

/// The waker of the last poll, kept so that the future inside sees the same one as long as the future
/// outside does.
#[derive(Debug)]
struct Wiring {
    outer: Waker,
    waker: Waker,
}

impl Wiring {
    fn reuse_or_lay<'a>(slot: &'a mut Option<Self>, seat: &Seat, outer: &Waker) -> &'a Self {
        if !matches!(slot, Some(wiring) if wiring.outer.will_wake(outer)) {
            *slot = None;
        }
        slot.get_or_insert_with(|| Self {
            outer: outer.clone(),
            waker: Waker::from(Arc::new(LaneWaker {
                recording: Arc::clone(&seat.recording),
                lane: seat.lane,
                outer: outer.clone(),
            })),
        })
    }
}

/// As long as this lives, the lane is the innermost one on this thread. Records how that ended, also
/// when it ended by a panic.
struct Running<'a> {
    seat: &'a Seat,
    work: Work,
    _default: Option<dispatcher::DefaultGuard>,
}

enum Work {
    Poll { index: usize, outcome: Outcome },
    Drop,
}

impl<'a> Running<'a> {
    /// `None` if the lane has ended: what the future does with one more poll is its own affair.
    fn poll_of(seat: &'a Seat) -> Option<Self> {
        let index = seat.recording.begin_poll(seat.lane)?;
        Some(Self::enter(
            seat,
            Work::Poll {
                index,
                outcome: Outcome::Panicked,
            },
        ))
    }

    /// `None` if the lane has ended.
    fn drop_of(seat: &'a Seat) -> Option<Self> {
        seat.recording
            .is_open(seat.lane)
            .then(|| Self::enter(seat, Work::Drop))
    }

    fn enter(seat: &'a Seat, work: Work) -> Self {
        let default = (!Listener::is_default_for(&seat.recording))
            .then(|| dispatcher::set_default(&seat.dispatch));
        context::enter(&seat.recording, seat.lane);
        Self {
            seat,
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
        let held = context::leave();
        let Seat {
            recording, lane, ..
        } = self.seat;
        match self.work {
            Work::Poll { index, outcome } => recording.end_poll(*lane, index, &held, outcome),
            Work::Drop => recording.dropped(*lane, &held),
        }
    }
}
