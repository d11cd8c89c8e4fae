//! The arrival number has two bytes, and starts again after 65536 jobs. Caught by `BoundedPriorityQueue::arrivals_are_told_apart_after_many_jobs`, which says "in two bytes".

#[derive(Debug)]
pub struct BoundedPriorityQueue {
    free_slots: Semaphore,
    queued_jobs: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    heap: BinaryHeap<Entry>,
    arrivals: u16,
    closed: bool,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    priority: u8,
    arrival: Reverse<u16>,
    job: Job,
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
        {
            let mut state = self.state();
            // Another thread may have called `close` since the slot was acquired.
            if state.closed {
                return Err(job);
            }
            state.arrivals = state.arrivals.wrapping_add(1);
            let arrival = Reverse(state.arrivals);
            state.heap.push(Entry {
                priority,
                arrival,
                job,
            });
        }
        slot.forget();
        self.queued_jobs.add_permits(1);
        Ok(())
    }

    pub async fn recv(&self) -> Option<Job> {
        // An error means that the queue is closed. There may still be jobs in it.
        if let Ok(queued) = self.queued_jobs.acquire().await {
            queued.forget();
        }
        let entry = self.state().heap.pop()?;
        self.free_slots.add_permits(1);
        Some(entry.job)
    }

    pub fn close(&self) {
        self.state().closed = true;
        self.free_slots.close();
        self.queued_jobs.close();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("no code panics while it holds the lock")
    }
}
