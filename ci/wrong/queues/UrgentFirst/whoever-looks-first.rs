//! A place that is free belongs to whoever looks first. Caught by `UrgentFirst::nobody_pushes_in`, which says "whoever looks first".

pub struct UrgentFirst {
    room: usize,
    inside: Mutex<Inside>,
    freed: tokio::sync::Notify,
    filled: tokio::sync::Notify,
}

impl UrgentFirst {
    pub fn new(room: usize) -> Self {
        Self {
            room,
            inside: Mutex::default(),
            freed: tokio::sync::Notify::new(),
            filled: tokio::sync::Notify::new(),
        }
    }

    pub async fn put(&self, urgency: u8, job: Job) -> Result<(), Job> {
        loop {
            {
                let mut inside = self.inside();
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
                let mut inside = self.inside();
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
        self.inside().closed = true;
        self.freed.notify_waiters();
        self.filled.notify_waiters();
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().expect("nobody panics with the lock")
    }
}
