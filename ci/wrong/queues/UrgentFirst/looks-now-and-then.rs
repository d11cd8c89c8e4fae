//! `take` looks every 7 ms. Caught by `UrgentFirst::whoever_waits_for_a_job_is_woken`, which says "looks now and then".

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
        place.forget();
        self.push(urgency, job);
        self.filled.add_permits(1);
        Ok(())
    }

    pub async fn take(&self) -> Option<Job> {
        let job = loop {
            match self.pop() {
                Some(job) => break job,
                None if self.free.is_closed() => return None,
                None => sleep(Duration::from_millis(7)).await,
            }
        };
        self.free.add_permits(1);
        Some(job)
    }

    pub fn close(&self) {
        self.free.close();
        self.filled.close();
    }

    fn push(&self, urgency: u8, job: Job) {
        let mut inside = self.inside.lock().unwrap();
        inside.arrivals += 1;
        let arrival = Reverse(inside.arrivals);
        inside.heap.push(Entry {
            urgency,
            arrival,
            job,
        });
    }

    fn pop(&self) -> Option<Job> {
        let entry = self.inside.lock().unwrap().heap.pop()?;
        Some(entry.job)
    }
}
