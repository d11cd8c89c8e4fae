//! Those who wait for room and those who wait for a job share one `Notify`, and a ring may wake the wrong one. Caught by `UrgentFirst::nobody_is_forgotten_in_any_order`, which says "bells of their own".

use tokio::sync::Notify;

#[derive(Debug)]
pub struct UrgentFirst {
    room: usize,
    inside: Mutex<Inside>,
    changed: Notify,
}

impl UrgentFirst {
    pub fn new(room: usize) -> Self {
        Self {
            room,
            inside: Mutex::default(),
            changed: Notify::new(),
        }
    }

    pub async fn put(&self, urgency: u8, job: Job) -> Result<(), Job> {
        loop {
            let changed = self.changed.notified();
            {
                let mut inside = self.inside.lock().unwrap();
                if inside.closed {
                    return Err(job);
                }
                if inside.heap.len() < self.room {
                    inside.arrivals += 1;
                    let arrival = Reverse(inside.arrivals);
                    inside.heap.push(Entry {
                        urgency,
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

    pub async fn take(&self) -> Option<Job> {
        loop {
            let changed = self.changed.notified();
            {
                let mut inside = self.inside.lock().unwrap();
                if let Some(entry) = inside.heap.pop() {
                    self.changed.notify_one();
                    return Some(entry.job);
                }
                if inside.closed {
                    return None;
                }
            }
            changed.await;
        }
    }

    pub fn close(&self) {
        self.inside.lock().unwrap().closed = true;
        self.changed.notify_waiters();
    }
}
