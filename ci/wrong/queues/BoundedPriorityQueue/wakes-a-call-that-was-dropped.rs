//! A list of wakers for each side, and the first is called, also if its future was dropped. Caught by `BoundedPriorityQueue::a_dropped_call_does_not_affect_the_others`, which says "had been chosen to be woken".

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, Waker};

#[derive(Debug)]
pub struct BoundedPriorityQueue {
    capacity: usize,
    state: Mutex<State>,
    senders: Mutex<VecDeque<Waker>>,
    receivers: Mutex<VecDeque<Waker>>,
}

fn wake_first(wakers: &Mutex<VecDeque<Waker>>) {
    let first = wakers.lock().unwrap().pop_front();
    if let Some(first) = first {
        first.wake();
    }
}

impl BoundedPriorityQueue {
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            state: Mutex::default(),
            senders: Mutex::default(),
            receivers: Mutex::default(),
        }
    }

    pub async fn send(&self, priority: u8, job: Job) -> Result<(), Job> {
        poll_fn(|cx| {
            let mut state = self.state.lock().unwrap();
            if state.closed {
                return Poll::Ready(Err(job));
            }
            if state.heap.len() >= self.capacity {
                self.senders.lock().unwrap().push_back(cx.waker().clone());
                return Poll::Pending;
            }
            state.arrivals += 1;
            let arrival = Reverse(state.arrivals);
            state.heap.push(Entry {
                priority,
                arrival,
                job,
            });
            wake_first(&self.receivers);
            Poll::Ready(Ok(()))
        })
        .await
    }

    pub async fn recv(&self) -> Option<Job> {
        poll_fn(|cx| {
            let mut state = self.state.lock().unwrap();
            if let Some(entry) = state.heap.pop() {
                wake_first(&self.senders);
                return Poll::Ready(Some(entry.job));
            }
            if state.closed {
                return Poll::Ready(None);
            }
            self.receivers.lock().unwrap().push_back(cx.waker().clone());
            Poll::Pending
        })
        .await
    }

    pub fn close(&self) {
        self.state.lock().unwrap().closed = true;
        let senders = std::mem::take(&mut *self.senders.lock().unwrap());
        let receivers = std::mem::take(&mut *self.receivers.lock().unwrap());
        senders.into_iter().chain(receivers).for_each(Waker::wake);
    }
}
