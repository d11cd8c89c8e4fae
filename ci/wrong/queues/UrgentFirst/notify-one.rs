//! A flag and one `Notify`, with which closing wakes one of those who wait. Caught by `UrgentFirst::closing_tells_everybody_who_waits`, which says "`notify_one` wakes one".

use tokio::sync::Notify;

#[derive(Debug)]
pub struct UrgentFirst {
    room: usize,
    inside: Mutex<Inside>,
    freed: Notify,
    filled: Notify,
}

impl UrgentFirst {
    pub fn new(room: usize) -> Self {
        Self {
            room,
            inside: Mutex::default(),
            freed: Notify::new(),
            filled: Notify::new(),
        }
    }

    pub async fn put(&self, urgency: u8, job: Job) -> Result<(), Job> {
        loop {
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
                    self.filled.notify_one();
                    return Ok(());
                }
            }
            self.freed.notified().await;
        }
    }

    pub async fn take(&self) -> Option<Job> {
        loop {
            {
                let mut inside = self.inside.lock().unwrap();
                if let Some(entry) = inside.heap.pop() {
                    self.freed.notify_one();
                    return Some(entry.job);
                }
                if inside.closed {
                    return None;
                }
            }
            self.filled.notified().await;
        }
    }

    pub fn close(&self) {
        self.inside.lock().unwrap().closed = true;
        self.freed.notify_one();
        self.filled.notify_one();
    }
}
