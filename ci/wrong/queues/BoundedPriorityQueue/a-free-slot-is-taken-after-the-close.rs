//! A call that finds a free slot does not look whether the queue is closed. Caught by `BoundedPriorityQueue::a_closed_queue_with_free_slots_accepts_no_job`, which says "finds a free slot".

#[derive(Debug)]
pub struct BoundedPriorityQueue {
    free_slots: Semaphore,
    queued_jobs: Semaphore,
    closed: tokio_util::sync::CancellationToken,
    state: Mutex<State>,
}

impl BoundedPriorityQueue {
    pub fn new(capacity: usize) -> Self {
        Self {
            free_slots: Semaphore::new(capacity),
            queued_jobs: Semaphore::new(0),
            closed: tokio_util::sync::CancellationToken::new(),
            state: Mutex::default(),
        }
    }

    pub async fn send(&self, priority: u8, job: Job) -> Result<(), Job> {
        let slot = tokio::select! {
            biased;
            slot = self.free_slots.acquire() => slot.expect("it is never closed"),
            () = self.closed.cancelled() => return Err(job),
        };
        {
            let mut state = self.state();
            state.arrivals += 1;
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
        self.closed.cancel();
        self.queued_jobs.close();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state
            .lock()
            .expect("no code panics while it holds the lock")
    }
}
