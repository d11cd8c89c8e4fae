//! An error of `acquire` is taken for the end, although there are jobs in the queue. Caught by `BoundedPriorityQueue::a_closed_queue_can_be_drained`, which says "returns nothing any more".

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
        self.queued_jobs.acquire().await.ok()?.forget();
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
