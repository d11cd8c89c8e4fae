//! No arrival number breaks ties, so the job numbers decide. Caught by `BoundedPriorityQueue::equal_priorities_are_first_in_first_out`, which says "of the same priority".

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    priority: u8,
    job: Job,
}

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
        Some(job)
    }

    pub fn close(&self) {
        self.free_slots.close();
        self.queued_jobs.close();
    }

    fn insert(&self, priority: u8, job: Job) {
        let mut state = self.state.lock().unwrap();
        state.heap.push(Entry { priority, job });
    }

    fn remove(&self) -> Option<Job> {
        let entry = self.state.lock().unwrap().heap.pop()?;
        Some(entry.job)
    }
}
