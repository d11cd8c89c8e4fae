//! When the futures of a case are polled, and where they are dropped.
//!
//! Code that is built on tokio's primitives cannot be explored with loom. But a test that decides which of the
//! woken futures is polled next can produce the orders that a busy server produces, and the seed of the random
//! numbers repeats any of them.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
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
        let waker = Arc::new(Mutex::new(Waker::noop().clone()));
        let mut children: Vec<Child<F>> = futures
            .into_iter()
            .map(|future| Child::new(future, &waker))
            .collect();
        std::future::poll_fn(|cx| {
            lock(&waker).clone_from(cx.waker());
            self.poll_some(&mut children);
            if children.iter().all(Child::is_ready) {
                return Poll::Ready(());
            }
            if children.iter().any(Child::is_woken) {
                cx.waker().wake_by_ref();
            } else if children.iter().all(Child::stores_no_waker) {
                // Nothing can call it through a child. What is left of it would seem to be stored by the answer.
                *lock(&waker) = Waker::noop().clone();
            }
            Poll::Pending
        })
        .await;
        children
            .into_iter()
            .filter_map(|child| child.output)
            .collect()
    }

    fn poll_some<F: Future>(&self, children: &mut [Child<F>]) {
        for _ in 0..MOST_POLLS {
            let mut woken: Vec<&mut Child<F>> = children
                .iter_mut()
                .filter(|child| child.is_woken())
                .collect();
            if woken.is_empty() {
                return;
            }
            let next = self.below(woken.len() as u64) as usize;
            woken[next].poll();
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

/// One of the futures that are joined.
struct Child<F: Future> {
    /// `None` once it is ready.
    future: Option<Pin<Box<F>>>,
    output: Option<F::Output>,
    waker: Arc<ChildWaker>,
}

impl<F: Future> Child<F> {
    fn new(future: F, parent: &Arc<Mutex<Waker>>) -> Self {
        Self {
            future: Some(Box::pin(future)),
            output: None,
            waker: Arc::new(ChildWaker {
                woken: AtomicBool::new(true),
                parent: Arc::clone(parent),
            }),
        }
    }

    fn is_ready(&self) -> bool {
        self.future.is_none()
    }

    fn is_woken(&self) -> bool {
        self.future.is_some() && self.waker.woken.load(Relaxed)
    }

    fn stores_no_waker(&self) -> bool {
        Arc::strong_count(&self.waker) == 1
    }

    fn poll(&mut self) {
        let Some(future) = &mut self.future else {
            return;
        };
        self.waker.woken.store(false, Relaxed);
        let waker = Waker::from(Arc::clone(&self.waker));
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            self.output = Some(output);
            self.future = None;
        }
    }
}

/// The waker of one child: it marks the child as woken, and wakes the task.
struct ChildWaker {
    woken: AtomicBool,
    parent: Arc<Mutex<Waker>>,
}

impl Wake for ChildWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.woken.store(true, Relaxed);
        let parent = lock(&self.parent).clone();
        parent.wake();
    }
}

/// No code panics while it holds one of these locks, so poison does not matter.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
