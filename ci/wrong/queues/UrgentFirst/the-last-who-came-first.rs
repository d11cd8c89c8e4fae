//! Of those who wait for room the last one is let in first. Caught by `UrgentFirst::room_goes_to_those_who_wait_in_their_order`, which says "let in by their urgency, or the last one first".

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
                    self.freed.notify_last();
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
        self.freed.notify_waiters();
        self.filled.notify_waiters();
    }
}
