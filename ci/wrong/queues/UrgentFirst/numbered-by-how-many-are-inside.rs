//! An arrival is numbered by how many are inside, so two jobs can have the same number. Caught by `UrgentFirst::equals_keep_their_order_while_some_are_taken`, which says "comes from how many are inside".

#[derive(Debug)]
pub struct UrgentFirst {
    free: Semaphore,
    filled: Semaphore,
    inside: Mutex<Inside>,
}

impl UrgentFirst {
    pub fn new(room: usize) -> Self {
        Self {
            free: Semaphore::new(room),
            filled: Semaphore::new(0),
            inside: Mutex::default(),
        }
    }

    pub async fn put(&self, urgency: u8, job: Job) -> Result<(), Job> {
        let place = self.free.acquire().await.map_err(|_| job)?;
        {
            let mut inside = self.inside();
            // On another thread, `close` may have come since.
            if inside.closed {
                return Err(job);
            }
            let arrival = Reverse(inside.heap.len() as u64);
            inside.heap.push(Entry {
                urgency,
                arrival,
                job,
            });
        }
        place.forget();
        self.filled.add_permits(1);
        Ok(())
    }

    pub async fn take(&self) -> Option<Job> {
        // An error says that the queue is closed. What is in the heap may be taken all the same.
        if let Ok(filled) = self.filled.acquire().await {
            filled.forget();
        }
        let entry = self.inside().heap.pop()?;
        self.free.add_permits(1);
        Some(entry.job)
    }

    pub fn close(&self) {
        self.inside().closed = true;
        self.free.close();
        self.filled.close();
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().expect("nobody panics with the lock")
    }
}
