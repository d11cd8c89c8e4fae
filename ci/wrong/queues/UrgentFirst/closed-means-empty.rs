//! An error of `acquire` is taken for the end, and what is in the queue is forgotten. Caught by `UrgentFirst::a_closed_queue_is_drained`, which says "gives nothing any more".

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
        self.filled.acquire().await.ok()?.forget();
        let job = self.pop()?;
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
