//! When the futures of a case are polled, and where they are dropped.
//!
//! Code that is built on tokio's primitives cannot be explored with loom. But a test that decides which of the
//! woken futures is polled next can produce the orders that a busy server produces, and the seed of the random
//! numbers repeats any of them.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use super::case::Case;

/// A join returns to the runtime after at most this many polls.
const MOST_POLLS: usize = 32;

impl Case {
    /// Polls `futures` until all are ready. Returns their outputs, in the order of `futures`.
    ///
    /// Like `join_all` it is part of the task that awaits it, and polls only futures that were woken. Which of
    /// them is polled next is random, and so is how many are polled before it returns to the runtime.
    ///
    /// # Cancel safety
    ///
    /// If it is dropped, the futures that are not ready are dropped.
    pub async fn join<F: Future>(&self, futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
        let futures = futures.into_iter().map(|future| Some(Box::pin(future)));
        let mut futures: Vec<Option<Pin<Box<F>>>> = futures.collect();
        let mut outputs: Vec<Option<F::Output>> = futures.iter().map(|_| None).collect();
        let woken = Arc::new(Woken::all(futures.len()));
        let wakers: Vec<_> = (0..futures.len()).map(|at| woken.waker_of(at)).collect();
        std::future::poll_fn(|cx| {
            woken.set_parent(cx.waker());
            self.poll_some(&woken, &mut |at| {
                let future = futures[at]
                    .as_mut()
                    .expect("only pending futures are woken");
                match future
                    .as_mut()
                    .poll(&mut Context::from_waker(&wakers[at].1))
                {
                    Poll::Ready(output) => {
                        outputs[at] = Some(output);
                        woken.finished(at);
                        futures[at] = None;
                    }
                    Poll::Pending => {}
                }
            });
            let is_stored = |(waker, _): &(Arc<ChildWaker>, Waker)| Arc::strong_count(waker) > 2;
            woken.progress(cx.waker(), wakers.iter().any(is_stored))
        })
        .await;
        outputs.into_iter().flatten().collect()
    }

    /// Not generic, so that it is compiled once.
    fn poll_some(&self, woken: &Woken, poll: &mut dyn FnMut(usize)) {
        for _ in 0..MOST_POLLS {
            let count = woken.count();
            if count == 0 {
                return;
            }
            let next = self.below(count as u64) as usize;
            poll(woken.take(next));
            if self.below(2) == 0 {
                return;
            }
        }
    }

    /// Gives other tasks and futures from 0 to 3 turns. No time passes.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future affects only the random numbers that follow.
    pub async fn turns(&self) {
        for _ in 0..self.below(4) {
            tokio::task::yield_now().await;
        }
    }

    /// Polls `future` until it is ready, or drops it before that: before its first poll, when it has been pending
    /// one to three times, or when it has been woken after that and not polled again. Returns `None` if it was
    /// dropped.
    ///
    /// # Cancel safety
    ///
    /// That of `future`.
    pub async fn drop_somewhere<F: Future>(&self, future: F) -> Option<F::Output> {
        let Some(mut steps) = self.below(8).checked_sub(1) else {
            return Some(future.await);
        };
        // 0: before the first poll. Odd: while it waits. Even: after it was woken.
        let mut future = Box::pin(future);
        std::future::poll_fn(|cx| {
            if steps == 0 {
                return Poll::Ready(None);
            }
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(Some(output));
            }
            steps -= 1;
            if steps == 0 {
                return Poll::Ready(None);
            }
            steps -= 1;
            Poll::Pending
        })
        .await
    }
}

/// Which of the futures of a join are woken.
struct Woken {
    state: Mutex<WokenState>,
}

struct WokenState {
    /// The pending futures that are woken, in the order of their numbers.
    woken: Vec<usize>,
    is_ready: Vec<bool>,
    /// How many are not ready.
    pending: usize,
    /// The waker of the task that awaits the join.
    parent: Waker,
}

impl Woken {
    /// Before the first poll all of them are.
    fn all(count: usize) -> Self {
        Self {
            state: Mutex::new(WokenState {
                woken: (0..count).collect(),
                is_ready: vec![false; count],
                pending: count,
                parent: Waker::noop().clone(),
            }),
        }
    }

    /// The waker of a future, twice: to look at and to poll with.
    fn waker_of(self: &Arc<Self>, at: usize) -> (Arc<ChildWaker>, Waker) {
        let woken = Arc::clone(self);
        let waker = Arc::new(ChildWaker { at, woken });
        (Arc::clone(&waker), Waker::from(waker))
    }

    fn set_parent(&self, waker: &Waker) {
        lock(&self.state).parent.clone_from(waker);
    }

    fn count(&self) -> usize {
        lock(&self.state).woken.len()
    }

    /// The number of the `nth` future that is woken. From here on it is not.
    fn take(&self, nth: usize) -> usize {
        lock(&self.state).woken.remove(nth)
    }

    fn wake(&self, at: usize) {
        let mut state = lock(&self.state);
        if !state.is_ready[at]
            && let Err(place) = state.woken.binary_search(&at)
        {
            state.woken.insert(place, at);
        }
        let parent = state.parent.clone();
        drop(state);
        parent.wake();
    }

    fn finished(&self, at: usize) {
        let mut state = lock(&self.state);
        state.is_ready[at] = true;
        state.pending -= 1;
        if let Ok(place) = state.woken.binary_search(&at) {
            state.woken.remove(place);
        }
    }

    /// Whether all are ready. If one of the others is woken, it wakes the join.
    fn progress(&self, join: &Waker, is_stored: bool) -> Poll<()> {
        let mut state = lock(&self.state);
        if state.pending == 0 {
            return Poll::Ready(());
        }
        let is_woken = !state.woken.is_empty();
        if !is_woken && !is_stored {
            // Nothing can call it through a future. What is left of it would seem to be stored by the answer.
            state.parent = Waker::noop().clone();
        }
        drop(state);
        if is_woken {
            join.wake_by_ref();
        }
        Poll::Pending
    }
}

/// The waker of one of the futures.
struct ChildWaker {
    at: usize,
    woken: Arc<Woken>,
}

impl Wake for ChildWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.wake(self.at);
    }
}

/// No code panics while it holds one of these locks, so poison does not matter.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
