//! Senders and receivers wait on the same `Notify`, and a wake-up may reach the wrong one. Caught by `BoundedPriorityQueue::no_wake_up_is_lost_in_any_order`, which says "a `Notify` of their own".

use tokio::sync::Notify;

#[derive(Debug)]
pub struct BoundedPriorityQueue {
    capacity: usize,
    state: Mutex<State>,
    changed: Notify,
}

impl BoundedPriorityQueue {
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            state: Mutex::default(),
            changed: Notify::new(),
        }
    }

    pub async fn send(&self, priority: u8, job: Job) -> Result<(), Job> {
        loop {
            let changed = self.changed.notified();
            {
                let mut state = self.state.lock().unwrap();
                if state.closed {
                    return Err(job);
                }
                if state.heap.len() < self.capacity {
                    state.arrivals += 1;
                    let arrival = Reverse(state.arrivals);
                    state.heap.push(Entry {
                        priority,
                        arrival,
                        job,
                    });
                    self.changed.notify_one();
                    return Ok(());
                }
            }
            changed.await;
        }
    }

    pub async fn recv(&self) -> Option<Job> {
        loop {
            let changed = self.changed.notified();
            {
                let mut state = self.state.lock().unwrap();
                if let Some(entry) = state.heap.pop() {
                    self.changed.notify_one();
                    return Some(entry.job);
                }
                if state.closed {
                    return None;
                }
            }
            changed.await;
        }
    }

    pub fn close(&self) {
        self.state.lock().unwrap().closed = true;
        self.changed.notify_waiters();
    }
}
