//! The job is out of the heap while the future waits once more, and is lost if the future is dropped there. Caught by `BoundedPriorityQueue::delivers_every_job_exactly_once_in_any_order`, which says "removed for a call that was dropped".

#[derive(Debug)]
pub struct BoundedPriorityQueue {
    free_slots: Semaphore,
    queued_jobs: Semaphore,
    state: Mutex<State>,
}

impl BoundedPriorityQueue {
    pub fn new(capacity: usize) -> Self {
        Self {
            free_slots: Semaphore::new(capacity),
            queued_jobs: Semaphore::new(0),
            state: Mutex::default(),
        }
    }

    pub async fn send(&self, priority: u8, job: Job) -> Result<(), Job> {
        let slot = self.free_slots.acquire().await.map_err(|_| job)?;
        slot.forget();
        self.insert(priority, job);
        self.queued_jobs.add_permits(1);
        Ok(())
    }

    pub async fn recv(&self) -> Option<Job> {
        if let Ok(queued) = self.queued_jobs.acquire().await {
            queued.forget();
        }
        let job = self.remove()?;
        self.free_slots.add_permits(1);
        tokio::task::yield_now().await;
        Some(job)
    }

    pub fn close(&self) {
        self.free_slots.close();
        self.queued_jobs.close();
    }

    fn insert(&self, priority: u8, job: Job) {
        let mut state = self.state.lock().unwrap();
        state.arrivals += 1;
        let arrival = Reverse(state.arrivals);
        state.heap.push(Entry {
            priority,
            arrival,
            job,
        });
    }

    fn remove(&self) -> Option<Job> {
        let entry = self.state.lock().unwrap().heap.pop()?;
        Some(entry.job)
    }
}
