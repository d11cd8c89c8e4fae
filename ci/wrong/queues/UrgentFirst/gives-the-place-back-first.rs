//! A place is given back before there is a job to take. Caught by `UrgentFirst::who_leaves_while_it_waits_makes_no_room`, which says "gives a place back before it has taken anything out".

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
            inside.arrivals += 1;
            let arrival = Reverse(inside.arrivals);
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
        self.free.add_permits(1);
        if let Ok(filled) = self.filled.acquire().await {
            filled.forget();
        }
        let entry = self.inside().heap.pop()?;
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
