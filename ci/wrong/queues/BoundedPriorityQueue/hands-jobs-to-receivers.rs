//! A job goes to a receiver that waits, and back into the queue if that is dropped; in between, its slot is free. Caught by `BoundedPriorityQueue::every_call_returns_what_is_due`, which says "should wait".

use std::collections::VecDeque;

#[derive(Debug)]
pub struct BoundedPriorityQueue {
    free_slots: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    heap: BinaryHeap<(u8, Reverse<u64>, Job)>,
    arrivals: u64,
    closed: bool,
    receivers: VecDeque<oneshot::Sender<(u8, Job)>>,
}

struct Handed<'a> {
    queue: &'a BoundedPriorityQueue,
    handed: oneshot::Receiver<(u8, Job)>,
}

impl Drop for Handed<'_> {
    fn drop(&mut self) {
        if let Ok((priority, job)) = self.handed.try_recv() {
            self.queue.put(priority, job);
        }
    }
}

impl BoundedPriorityQueue {
    fn put(&self, priority: u8, mut job: Job) {
        let mut state = self.state.lock().unwrap();
        while let Some(receiver) = state.receivers.pop_front() {
            match receiver.send((priority, job)) {
                Ok(()) => {
                    drop(state);
                    self.free_slots.add_permits(1);
                    return;
                }
                Err((_, back)) => job = back,
            }
        }
        state.arrivals += 1;
        let arrival = Reverse(state.arrivals);
        state.heap.push((priority, arrival, job));
    }

    pub fn new(capacity: usize) -> Self {
        Self {
            free_slots: Semaphore::new(capacity),
            state: Mutex::default(),
        }
    }

    pub async fn send(&self, priority: u8, job: Job) -> Result<(), Job> {
        let Ok(slot) = self.free_slots.acquire().await else {
            return Err(job);
        };
        slot.forget();
        self.put(priority, job);
        Ok(())
    }

    pub async fn recv(&self) -> Option<Job> {
        let handed = {
            let mut state = self.state.lock().unwrap();
            if let Some((_, _, job)) = state.heap.pop() {
                self.free_slots.add_permits(1);
                return Some(job);
            }
            if state.closed {
                return None;
            }
            let (sender, handed) = oneshot::channel();
            state.receivers.push_back(sender);
            handed
        };
        let mut handed = Handed {
            queue: self,
            handed,
        };
        (&mut handed.handed).await.ok().map(|(_, job)| job)
    }

    pub fn close(&self) {
        let mut state = self.state.lock().unwrap();
        state.closed = true;
        state.receivers.clear();
        self.free_slots.close();
    }
}
