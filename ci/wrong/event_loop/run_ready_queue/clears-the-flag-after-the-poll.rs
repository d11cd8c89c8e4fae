//! Marks a task as queued with a flag and clears the flag after the poll, so that a wake-up during the poll is lost. Caught by `run_ready_queue::runs_all_tasks_to_completion`, which says "during its poll".

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

pub fn run_ready_queue(tasks: Vec<Task>) -> Result<(), usize> {
    struct Queued(usize, AtomicBool, Arc<Mutex<VecDeque<usize>>>);
    impl Wake for Queued {
        fn wake(self: Arc<Self>) {
            if !self.1.swap(true, SeqCst) {
                self.2.lock().unwrap().push_back(self.0);
            }
        }
    }
    let queue = Arc::new(Mutex::new(VecDeque::from_iter(0..tasks.len())));
    let mut tasks: Vec<_> = tasks
        .into_iter()
        .enumerate()
        .map(|(number, task)| {
            let queued = Queued(number, AtomicBool::new(true), Arc::clone(&queue));
            Some((task, Arc::new(queued)))
        })
        .collect();
    loop {
        let Some(number) = queue.lock().unwrap().pop_front() else {
            break;
        };
        let Some((task, queued)) = &mut tasks[number] else {
            continue;
        };
        let waker = Waker::from(Arc::clone(queued));
        let finished = task
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_ready();
        queued.1.store(false, SeqCst);
        if finished {
            tasks[number] = None;
        }
    }
    match tasks.iter().flatten().count() {
        0 => Ok(()),
        unfinished => Err(unfinished),
    }
}
