//! Wakers that use the future again while they are called.

use std::cell::RefCell;
use std::panic::Location;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use timeline::Timeline;

use crate::check::check;
use crate::failure::Failure;
use crate::interleavings::explore;
use crate::run::{Body, Circumstances, LOOM_PAGE, Run};
use crate::waker_fn::waker_fn;

const ORDER_PAGE: &str = "futures-lost-wakeups.html#a-lost-wake-up";

/// Polls a future with a waker whose `wake` polls the future again at once, and then with one whose `wake` drops it.
///
/// A task that is woken may run before `wake` returns: on another thread, or because an executor polls it right there.
/// So whatever calls a waker must have released its locks, and must have made its change before. The future that is
/// polled inside `wake` must be ready, or be woken once more.
///
/// `make` makes a future and an event, once for each of the two. The future is pending until the event is called, and
/// ready after it.
///
/// It is a whole test, a model of [`every_interleaving`](crate::every_interleaving), so that a lock that is held is
/// found at once. An answer that makes no locks can be graded with it as well.
///
/// ```
/// use grading::{ManualTimer, ms, reentrant_wakers};
/// # use std::future::poll_fn;
/// # use std::task::Poll;
///
/// reentrant_wakers(|| {
///     let timer = ManualTimer::new();
///     let at_30_ms = {
///         let timer = timer.clone();
///         let mut entry = None;
///         poll_fn(move |cx| {
///             drop(entry.replace(timer.wake_at(ms(30), cx.waker().clone())));
///             if timer.now() >= ms(30) { Poll::Ready(()) } else { Poll::Pending }
///         })
///     };
///     (at_30_ms, move || timer.advance(ms(30)))
/// });
/// ```
///
/// # Panics
///
/// It fails the test with a report if the waker is called while a lock is held that the future needs, or if the future
/// is pending at the end and is not woken.
#[track_caller]
pub fn reentrant_wakers<M, F, E>(make: M)
where
    M: Fn() -> (F, E) + Send + Sync + 'static,
    F: Future + 'static,
    E: FnOnce() + 'static,
{
    let run = Run::new(std::any::type_name::<M>(), Location::caller().file());
    let setup = move || {
        let (future, event) = make();
        let future: Body<'static> = Box::pin(async {
            future.await;
        });
        let event: Box<dyn FnOnce()> = Box::new(event);
        (future, event)
    };
    explore(
        &run,
        Box::new(move || {
            let (future, event) = setup();
            poll_again_when_woken(future, event);
            let (future, event) = setup();
            drop_when_woken(future, event);
        }),
    );
}

/// A future that its own waker uses.
#[derive(Clone)]
struct Shared {
    state: Rc<RefCell<State>>,
}

struct State {
    /// Taken out during a poll, and for good when it is ready or dropped.
    future: Option<Body<'static>>,
    /// Whether the waker was called since the latest poll began.
    is_woken: bool,
    is_ready: bool,
}

impl Shared {
    fn new(future: Body<'static>) -> Self {
        Self {
            state: Rc::new(RefCell::new(State {
                future: Some(future),
                is_woken: false,
                is_ready: false,
            })),
        }
    }

    /// Polls the future, unless it is being polled, is ready or was dropped. No borrow lasts while code of the answer
    /// runs, because that may call the waker.
    fn poll(&self, waker: &Waker) -> Poll<()> {
        let Some(mut future) = self.state.borrow_mut().future.take() else {
            return Poll::Pending;
        };
        self.state.borrow_mut().is_woken = false;
        let polled = future.as_mut().poll(&mut Context::from_waker(waker));
        let mut state = self.state.borrow_mut();
        state.is_ready = polled.is_ready();
        if polled.is_pending() {
            state.future = Some(future);
        } else {
            drop(state);
            drop(future);
        }
        polled
    }

    /// A waker that calls `action` with the future.
    fn waker(&self, action: impl Fn(&Self) + 'static) -> Waker {
        let shared = Rc::downgrade(&self.state);
        waker_fn(move || {
            let Some(state) = shared.upgrade() else {
                return;
            };
            state.borrow_mut().is_woken = true;
            action(&Self { state });
        })
    }
}

fn poll_again_when_woken(future: Body<'static>, event: Box<dyn FnOnce()>) {
    under("The waker polls the future again, inside `wake`.");
    let shared = Shared::new(future);
    let waker = shared.waker(|shared| {
        // Each poll has a waker of its own, so that none is taken for the one that is being called.
        let _ = shared.poll(&shared.waker(|_| ()));
    });
    check_pending(shared.poll(&waker));
    event();
    let (is_ready, is_woken) = {
        let state = shared.state.borrow();
        (state.is_ready, state.is_woken)
    };
    let is_ready = is_ready || (is_woken && shared.poll(Waker::noop()).is_ready());
    check(is_ready, || {
        Failure::new(
            "After what the future waits for has happened, it should be ready, or be woken once more; it is pending, and was \
             not woken since its latest poll.",
        )
        .usually(
            "that the waker is called before the change is made: the woken task polls the future, finds nothing new, and \
             is not woken again. Make the change first, and call the waker after it.",
        )
        .read(ORDER_PAGE)
    });
}

fn drop_when_woken(future: Body<'static>, event: Box<dyn FnOnce()>) {
    under("The waker drops the future, inside `wake`.");
    let shared = Shared::new(future);
    let waker = shared.waker(|shared| {
        let future = shared.state.borrow_mut().future.take();
        drop(future);
    });
    check_pending(shared.poll(&waker));
    drop(waker);
    event();
    let is_woken = shared.state.borrow().is_woken;
    check(is_woken, || {
        Failure::new(
            "When what the future waits for happens, its waker should be called; it was not called.",
        )
        .usually("that the waker was not stored anywhere, so nothing can call it.")
        .read(LOOM_PAGE)
    });
}

fn check_pending(polled: Poll<()>) {
    check(polled.is_pending(), || {
        Failure::new(
            "Before what the future waits for has happened, it should be pending; it was ready.",
        )
    });
}

/// From here on a report begins with `sentence`.
fn under(sentence: &str) {
    if let Some(run) = Run::current() {
        run.set_circumstances(Circumstances {
            sentence: sentence.to_owned(),
            timeline: Timeline::default(),
        });
    }
}
