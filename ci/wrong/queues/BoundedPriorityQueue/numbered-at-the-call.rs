//! Numbers a job when `send` is called, and not when the job is added. Caught by `BoundedPriorityQueue::every_call_returns_what_is_due`, which says "should return Some(".

#[derive(Debug)]
pub struct BoundedPriorityQueue {
    free_slots: Semaphore,
    queued_jobs: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    heap: BinaryHeap<(u8, Reverse<u64>, Job)>,
    arrivals: u64,
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
        let arrival = {
            let mut state = self.state.lock().unwrap();
            state.arrivals += 1;
            state.arrivals
        };
        let Ok(slot) = self.free_slots.acquire().await else {
            return Err(job);
        };
        slot.forget();
        let mut state = self.state.lock().unwrap();
        state.heap.push((priority, Reverse(arrival), job));
        self.queued_jobs.add_permits(1);
        Ok(())
    }

    pub async fn recv(&self) -> Option<Job> {
        if let Ok(queued) = self.queued_jobs.acquire().await {
            queued.forget();
        }
        let (_, _, job) = self.state.lock().unwrap().heap.pop()?;
        self.free_slots.add_permits(1);
        Some(job)
    }

    pub fn close(&self) {
        self.free_slots.close();
        self.queued_jobs.close();
    }
}
