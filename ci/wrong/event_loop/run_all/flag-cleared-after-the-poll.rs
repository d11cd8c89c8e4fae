//! A flag says that a job is in the queue, and is cleared after the poll: a wake-up during the poll is lost. Caught by `run_all::all_are_run_to_their_end`, which says "during its poll".

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

pub fn run_all(jobs: Vec<Job>) -> Result<(), usize> {
    struct Queued(usize, AtomicBool, Arc<Mutex<VecDeque<usize>>>);
    impl Wake for Queued {
        fn wake(self: Arc<Self>) {
            if !self.1.swap(true, SeqCst) {
                self.2.lock().unwrap().push_back(self.0);
            }
        }
    }
    let queue = Arc::new(Mutex::new(VecDeque::from_iter(0..jobs.len())));
    let mut jobs: Vec<_> = jobs
        .into_iter()
        .enumerate()
        .map(|(number, job)| {
            let queued = Queued(number, AtomicBool::new(true), Arc::clone(&queue));
            Some((job, Arc::new(queued)))
        })
        .collect();
    loop {
        let Some(number) = queue.lock().unwrap().pop_front() else {
            break;
        };
        let Some((job, queued)) = &mut jobs[number] else {
            continue;
        };
        let waker = Waker::from(Arc::clone(queued));
        let ended = job
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_ready();
        queued.1.store(false, SeqCst);
        if ended {
            jobs[number] = None;
        }
    }
    match jobs.iter().flatten().count() {
        0 => Ok(()),
        waiting => Err(waiting),
    }
}
