//! Futures: what a runtime is made of, small enough for a bicycle computer.
//!
//! One rule is in all of it: whoever says `Pending` has left the waker of *this* poll with somebody who
//! will use it. And one habit: what is shared is looked at and changed under one lock, and wakers are
//! used when it is free again, because whoever wakes up may want it.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Wake, Waker, ready};
use std::time::Duration;

use grading::{ManualTimer, TimerEntry};

use crate::sync::{Arc, Condvar, Mutex};

/// Lets everybody else have a turn: pending once, and ready at the next poll.
///
/// # Cancel safety
///
/// It changes nothing, so it may be dropped.
pub async fn yield_now() {
    let mut yielded = false;
    poll_fn(|cx| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        // Nothing else will ring: the next poll is worth while as soon as there is room for it.
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await
}

/// Runs `future`, and counts how often it was polled, the last time included.
///
/// # Cancel safety
///
/// That of `future`; the count is lost.
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

/// A wait that is over when the clock shows the end of it.
///
/// # Cancel safety
///
/// Dropping it takes its alarm down.
#[derive(Debug)]
pub struct Delay {
    clock: ManualTimer,
    end: Duration,
    alarm: Option<TimerEntry>,
}

impl Delay {
    /// A wait that begins now and ends after `time`.
    pub fn new(clock: &ManualTimer, time: Duration) -> Self {
        Self {
            clock: clock.clone(),
            end: clock.now() + time,
            alarm: None,
        }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        // The alarm of an earlier poll has the waker of that poll: away with it, in either case.
        self.alarm = None;
        if self.clock.now() >= self.end {
            return Poll::Ready(());
        }
        let alarm = self.clock.wake_at(self.end, cx.waker().clone());
        self.alarm = Some(alarm);
        Poll::Pending
    }
}

/// A channel for one value: the sender puts it into the slot, the receiver takes it out.
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let slot = Arc::new(Slot::empty());
    (Sender(Arc::clone(&slot)), Receiver(slot))
}

/// The end that sends.
pub struct Sender<T>(Arc<Slot<T>>);

/// The end that receives: a future.
pub struct Receiver<T>(Arc<Slot<T>>);

/// There will be no value: the sender was dropped and has sent none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

impl<T> Sender<T> {
    /// Sends `value`. Gives it back if the receiver is gone.
    pub fn send(self, value: T) -> Result<(), T> {
        self.0.put(value)
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.0.sender_gone();
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
        self.0.receiver_gone();
    }
}

/// What the two ends of a [`channel`] share.
pub struct Slot<T> {
    state: Mutex<State<T>>,
}

/// Each case has what can be needed in it and nothing else: with a value there is nobody to wake, and
/// with nobody there, there is no value to keep.
enum State<T> {
    /// Nothing was sent. The waker is that of the receiver's last poll.
    Empty(Option<Waker>),
    Full(T),
    SenderGone,
    ReceiverGone,
}

impl<T> Slot<T> {
    /// An empty slot, with both ends there.
    pub fn empty() -> Self {
        Self {
            state: Mutex::new(State::Empty(None)),
        }
    }

    /// Puts the value in and wakes the receiver. Gives it back if the receiver is gone.
    pub fn put(&self, value: T) -> Result<(), T> {
        let mut state = self.state.lock().expect("nobody panics with the lock");
        match &mut *state {
            State::Empty(waiting) => {
                let waiting = waiting.take();
                *state = State::Full(value);
                drop(state);
                wake(waiting);
                Ok(())
            }
            _ => Err(value),
        }
    }

    /// The sender is dropped. If it has sent nothing, the receiver is woken.
    pub fn sender_gone(&self) {
        let mut state = self.state.lock().expect("nobody panics with the lock");
        if let State::Empty(waiting) = &mut *state {
            let waiting = waiting.take();
            *state = State::SenderGone;
            drop(state);
            wake(waiting);
        }
    }

    /// One poll of the receiver.
    pub fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        let mut state = self.state.lock().expect("nobody panics with the lock");
        if let State::Empty(waiting) = &mut *state {
            *waiting = Some(cx.waker().clone());
            return Poll::Pending;
        }
        match std::mem::replace(&mut *state, State::SenderGone) {
            State::Full(value) => Poll::Ready(Ok(value)),
            _ => Poll::Ready(Err(Closed)),
        }
    }

    /// The receiver is dropped, and its waker with it.
    pub fn receiver_gone(&self) {
        let mut state = self.state.lock().expect("nobody panics with the lock");
        let left = std::mem::replace(&mut *state, State::ReceiverGone);
        // A value that nobody will take has a destructor, and a waker too: not under the lock.
        drop(state);
        drop(left);
    }
}

fn wake(waiting: Option<Waker>) {
    if let Some(waker) = waiting {
        waker.wake();
    }
}

/// Runs `future` to its end on this thread, which sleeps between two polls.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let bell = Arc::new(TestWaker::default());
    let waker = Waker::from(Arc::clone(&bell));
    let mut cx = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return output,
            Poll::Pending => bell.wait(),
        }
    }
}

/// The waker of a thread that sleeps.
///
/// A ring is remembered in `rung`: it may come before the thread sleeps, during the poll even, and a
/// condition variable alone forgets whom nobody waits for.
#[derive(Default)]
struct TestWaker {
    rung: Mutex<bool>,
    rings: Condvar,
}

impl TestWaker {
    /// Sleeps until it has been rung since the last time.
    fn wait(&self) {
        let rung = self.rung.lock().expect("nobody panics with the lock");
        let mut rung = self
            .rings
            .wait_while(rung, |rung| !*rung)
            .expect("nobody panics with the lock");
        *rung = false;
    }
}

impl Wake for TestWaker {
    fn wake(self: Arc<Self>) {
        *self.rung.lock().expect("nobody panics with the lock") = true;
        self.rings.notify_one();
    }
}

/// Waits for both futures, and polls each of them only when it has rung.
///
/// # Cancel safety
///
/// Dropping it drops both, and the output that one of them has given.
pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut a_output, mut b_output) = (None, None);
    let desk = Arc::new(Desk::default());
    let a_waker = Lamp::waker(0, &desk);
    let b_waker = Lamp::waker(1, &desk);
    poll_fn(|cx| {
        let [ask_a, ask_b] = desk.begin_poll(cx.waker());
        if ask_a
            && a_output.is_none()
            && let Poll::Ready(output) = a.as_mut().poll(&mut Context::from_waker(&a_waker))
        {
            a_output = Some(output);
        }
        if ask_b
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

/// Who has to be asked, and who is told that somebody has.
struct Desk {
    calls: Mutex<Calls>,
}

struct Calls {
    /// Which child has rung since it was asked the last time.
    lit: [bool; 2],
    /// The waker of the latest poll: the two children may ring long after an earlier one.
    waker: Option<Waker>,
}

impl Default for Desk {
    /// To begin with, both have to be asked.
    fn default() -> Self {
        Self {
            calls: Mutex::new(Calls {
                lit: [true; 2],
                waker: None,
            }),
        }
    }
}

impl Desk {
    /// Whom to ask in the poll that begins. The lamps go out before anybody is asked, and not after: a child
    /// may ring while it is.
    fn begin_poll(&self, waker: &Waker) -> [bool; 2] {
        let mut calls = self.calls.lock().expect("nobody panics with the lock");
        calls.waker = Some(waker.clone());
        std::mem::take(&mut calls.lit)
    }

    fn rung_by(&self, child: usize) {
        let mut calls = self.calls.lock().expect("nobody panics with the lock");
        calls.lit[child] = true;
        let waker = calls.waker.clone();
        drop(calls);
        wake(waker);
    }
}

/// The waker of one child.
struct Lamp {
    child: usize,
    desk: Arc<Desk>,
}

impl Lamp {
    fn waker(child: usize, desk: &Arc<Desk>) -> Waker {
        let desk = Arc::clone(desk);
        Waker::from(Arc::new(Self { child, desk }))
    }
}

impl Wake for Lamp {
    fn wake(self: Arc<Self>) {
        self.desk.rung_by(self.child);
    }
}
