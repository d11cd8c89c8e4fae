//! Looks for woken tasks in the order of `tasks`, round after round, whichever was woken first. Caught by `run_ready_queue::polls_in_the_order_of_the_wake_ups`, which says "round after round".

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, SeqCst);
    }
}

pub fn run_ready_queue(tasks: Vec<Task>) -> Result<(), usize> {
    let flag = || Arc::new(Flag(AtomicBool::new(true)));
    let mut tasks: Vec<_> = tasks.into_iter().map(|task| (Some(task), flag())).collect();
    let mut polled = true;
    while std::mem::take(&mut polled) {
        for (slot, flag) in &mut tasks {
            if flag.0.swap(false, SeqCst)
                && let Some(task) = slot
            {
                polled = true;
                let waker = Waker::from(Arc::clone(flag));
                if task
                    .as_mut()
                    .poll(&mut Context::from_waker(&waker))
                    .is_ready()
                {
                    *slot = None;
                }
            }
        }
    }
    match tasks.iter().filter(|(task, _)| task.is_some()).count() {
        0 => Ok(()),
        unfinished => Err(unfinished),
    }
}
