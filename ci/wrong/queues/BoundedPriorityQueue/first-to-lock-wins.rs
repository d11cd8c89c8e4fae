//! A free slot goes to the first call that locks the state. Caught by `BoundedPriorityQueue::a_late_sender_does_not_overtake`, which says "the first call that sees it".

pub struct BoundedPriorityQueue {
    capacity: usize,
    state: Mutex<State>,
    slot_freed: tokio::sync::Notify,
    job_added: tokio::sync::Notify,
}

impl BoundedPriorityQueue {
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            state: Mutex::default(),
            slot_freed: tokio::sync::Notify::new(),
            job_added: tokio::sync::Notify::new(),
        }
    }

    pub async fn send(&self, priority: u8, job: Job) -> Result<(), Job> {
        loop {
            {
                let mut state = self.state();
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
                let mut state = self.state();
                if let Some(entry) = state.heap.pop() {
                    self.slot_freed.notify_one();
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
        self.state().closed = true;
        self.slot_freed.notify_waiters();
        self.job_added.notify_waiters();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no code panics while it holds the lock")
    }
}
