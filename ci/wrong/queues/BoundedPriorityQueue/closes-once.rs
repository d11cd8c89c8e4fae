//! The second call of `close` panics. Caught by `BoundedPriorityQueue::a_closed_queue_can_be_drained`, which says "closed twice".

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
        let Ok(slot) = self.free_slots.acquire().await else {
            return Err(job);
        };
        slot.forget();
        let mut state = self.state.lock().unwrap();
        let arrival = state.arrivals;
        state.arrivals += 1;
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
        assert!(!self.free_slots.is_closed(), "closed twice");
        self.free_slots.close();
        self.queued_jobs.close();
    }
}
