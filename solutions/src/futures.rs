//! Futures: six building blocks of a runtime, written by hand.
//!
//! All of them keep one rule: a future that returns `Pending` has handed the waker of *this* poll to something that
//! will call it. Those that are shared between threads keep a second one: check and change the state under one lock, and
//! call wakers after the lock has been released, because the task that wakes up may want it.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Wake, Waker, ready};
use std::time::Duration;

use grading::{ManualTimer, TimerEntry};

use crate::sync::{Arc, Condvar, Mutex, MutexGuard};

/// Yields to other tasks once.
///
/// # Cancel safety
///
/// It has no effects, so it can be dropped at any time.
pub async fn yield_now() {
    let mut yielded = false;
    poll_fn(|cx| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        // Nothing else will wake this task: it is ready to go on as soon as the others have run.
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// Runs `future` to completion and returns its output with the number of times that it was polled.
///
/// # Cancel safety
///
/// As cancel safe as `future`; the count is lost.
pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|cx| {
        polls += 1;
        let output = ready!(future.as_mut().poll(cx));
        Poll::Ready((output, polls))
    })
    .await
}

/// A future that completes when its timer reaches its deadline.
///
/// # Cancel safety
///
/// Dropping it removes its entry from the timer.
#[derive(Debug)]
pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entry: Option<TimerEntry>,
}

impl Delay {
    /// Creates a delay whose deadline is `time` from now.
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        Self {
            timer: timer.clone(),
            deadline: timer.now() + time,
            entry: None,
        }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // The entry of an earlier poll holds the waker of that poll, which may belong to another task.
        self.entry = None;
        if self.timer.now() >= self.deadline {
            return Poll::Ready(());
        }
        let entry = self.timer.wake_at(self.deadline, cx.waker().clone());
        self.entry = Some(entry);
        Poll::Pending
    }
}

/// Creates a channel for one value.
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let slot = Arc::new(OneshotSlot::empty());
    (Sender(Arc::clone(&slot)), Receiver(slot))
}

/// The sending end of a [`channel`].
pub struct Sender<T>(Arc<OneshotSlot<T>>);

/// The receiving end of a [`channel`]: a future that completes with the value.
pub struct Receiver<T>(Arc<OneshotSlot<T>>);

/// The sender was dropped without sending a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

impl<T> Sender<T> {
    /// Sends `value`. Returns it as the error if the receiver was dropped.
    pub fn send(self, value: T) -> Result<(), T> {
        self.0.put(value)
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.sender_dropped();
    }
}

impl<T> Future for Receiver<T> {
    type Output = Result<T, Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        self.0.poll_take(cx)
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.0.receiver_dropped();
    }
}

/// The state that the two ends of a [`channel`] share.
pub struct OneshotSlot<T> {
    state: Mutex<State<T>>,
}

/// Each state holds only what it can need: a full slot has no receiver to wake, and a slot whose receiver was dropped
/// has no value to keep.
enum State<T> {
    /// Nothing was sent. The waker is that of the receiver's latest poll.
    Empty(Option<Waker>),
    Full(T),
    SenderDropped,
    ReceiverDropped,
}

impl<T> OneshotSlot<T> {
    /// Creates an empty slot. Both ends of the channel exist.
    pub fn empty() -> Self {
        Self {
            state: Mutex::new(State::Empty(None)),
        }
    }

    /// Stores the value and wakes the receiver. Returns the value if the receiver was dropped.
    pub fn put(&self, value: T) -> Result<(), T> {
        let mut state = self.lock();
        match &mut *state {
            State::Empty(receiver) => {
                let receiver = receiver.take();
                *state = State::Full(value);
                drop(state);
                wake(receiver);
                Ok(())
            }
            _ => Err(value),
        }
    }

    /// Closes the channel and wakes the receiver, unless a value was sent.
    pub fn sender_dropped(&self) {
        let mut state = self.lock();
        if let State::Empty(receiver) = &mut *state {
            let receiver = receiver.take();
            *state = State::SenderDropped;
            drop(state);
            wake(receiver);
        }
    }

    /// Polls for the value.
    pub fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        let waker = cx.waker().clone();
        let mut state = self.lock();
        if let State::Empty(receiver) = &mut *state {
            let replaced = receiver.replace(waker);
            // A waker has a destructor of its own, which must not run under the lock.
            drop(state);
            drop(replaced);
            return Poll::Pending;
        }
        match std::mem::replace(&mut *state, State::SenderDropped) {
            State::Full(value) => Poll::Ready(Ok(value)),
            _ => Poll::Ready(Err(Closed)),
        }
    }

    /// Drops the receiver's waker, and the value if it was not received.
    pub fn receiver_dropped(&self) {
        let mut state = self.lock();
        let unused = std::mem::replace(&mut *state, State::ReceiverDropped);
        // The value and the waker have destructors of their own, which must not run under the lock.
        drop(state);
        drop(unused);
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().expect("no code panics under this lock")
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

/// Runs `future` to completion on the current thread, which sleeps between polls.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let signal = Arc::new(Signal::default());
    let waker = Waker::from(Arc::clone(&signal));
    let mut cx = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return output,
            Poll::Pending => signal.wait(),
        }
    }
}

/// Wakes a sleeping thread.
///
/// `woken` remembers a wake-up that comes before the thread sleeps, possibly during the poll. A condition variable
/// alone would lose it, because it only notifies threads that are waiting already.
#[derive(Default)]
struct Signal {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl Signal {
    /// Sleeps until there has been a wake-up since the last call.
    fn wait(&self) {
        let woken = self.woken.lock().expect("no code panics under this lock");
        let mut woken = self
            .changed
            .wait_while(woken, |woken| !*woken)
            .expect("no code panics under this lock");
        *woken = false;
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().expect("no code panics under this lock") = true;
        self.changed.notify_one();
    }
}

/// Runs both futures concurrently, and polls each of them only after its own wake-up.
///
/// # Cancel safety
///
/// Dropping it drops both futures, and the output of one that has completed.
pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut a_output, mut b_output) = (None, None);
    let wakers = Arc::new(JoinWakers::default());
    let a_waker = ChildWaker::waker(0, &wakers);
    let b_waker = ChildWaker::waker(1, &wakers);
    poll_fn(|cx| {
        let [a_woken, b_woken] = wakers.start_poll(cx.waker());
        if a_woken
            && a_output.is_none()
            && let Poll::Ready(output) = a.as_mut().poll(&mut Context::from_waker(&a_waker))
        {
            a_output = Some(output);
        }
        if b_woken
            && b_output.is_none()
            && let Poll::Ready(output) = b.as_mut().poll(&mut Context::from_waker(&b_waker))
        {
            b_output = Some(output);
        }
        match (a_output.take(), b_output.take()) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            (a, b) => {
                (a_output, b_output) = (a, b);
                Poll::Pending
            }
        }
    })
    .await
}

/// What the wakers of both children share with the join.
struct JoinWakers {
    state: Mutex<JoinState>,
}

struct JoinState {
    /// Which children have been woken since their last poll began.
    woken: [bool; 2],
    /// The waker of the join's latest poll. A child may wake long after the task of an earlier poll has given the join
    /// away.
    parent: Option<Waker>,
}

impl Default for JoinWakers {
    /// Both children count as woken at first: a future that was never polled has no waker to call.
    fn default() -> Self {
        Self {
            state: Mutex::new(JoinState {
                woken: [true; 2],
                parent: None,
            }),
        }
    }
}

impl JoinWakers {
    /// Takes note of which children to poll. The flags are cleared before the children are polled, not after it, because
    /// a child may be woken during its poll.
    fn start_poll(&self, parent: &Waker) -> [bool; 2] {
        let mut state = self.state.lock().expect("no code panics under this lock");
        state.parent = Some(parent.clone());
        std::mem::take(&mut state.woken)
    }

    fn wake_child(&self, child: usize) {
        let mut state = self.state.lock().expect("no code panics under this lock");
        state.woken[child] = true;
        let parent = state.parent.clone();
        drop(state);
        wake(parent);
    }
}

/// The waker of one child.
struct ChildWaker {
    child: usize,
    wakers: Arc<JoinWakers>,
}

impl ChildWaker {
    fn waker(child: usize, wakers: &Arc<JoinWakers>) -> Waker {
        let wakers = Arc::clone(wakers);
        Waker::from(Arc::new(Self { child, wakers }))
    }
}

impl Wake for ChildWaker {
    fn wake(self: Arc<Self>) {
        self.wakers.wake_child(self.child);
    }
}
