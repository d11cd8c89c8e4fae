//! `notify_last` gives the free slot to the sender that came last. Caught by `BoundedPriorityQueue::waiting_senders_are_served_in_order`, which says "the sender that has waited longest".

use tokio::sync::Notify;

#[derive(Debug)]
pub struct BoundedPriorityQueue {
    capacity: usize,
    state: Mutex<State>,
    slot_freed: Notify,
    job_added: Notify,
}

impl BoundedPriorityQueue {
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            state: Mutex::default(),
            slot_freed: Notify::new(),
            job_added: Notify::new(),
        }
    }

    pub async fn send(&self, priority: u8, job: Job) -> Result<(), Job> {
        loop {
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
                    self.job_added.notify_one();
                    return Ok(());
                }
            }
            self.slot_freed.notified().await;
        }
    }

    pub async fn recv(&self) -> Option<Job> {
        loop {
            {
                let mut state = self.state.lock().unwrap();
                if let Some(entry) = state.heap.pop() {
                    self.slot_freed.notify_last();
                    return Some(entry.job);
                }
                if state.closed {
                    return None;
                }
            }
            self.job_added.notified().await;
        }
    }

    pub fn close(&self) {
        self.state.lock().unwrap().closed = true;
        self.slot_freed.notify_waiters();
        self.job_added.notify_waiters();
    }
}
