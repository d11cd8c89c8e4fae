//! Sends the number through a channel that ends with the loop, so a waker that is called after that panics. Caught by `run_ready_queue::polls_in_the_order_of_the_wake_ups`, which says "Your answer panicked".

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc;

struct Push {
    number: usize,
    queue: mpsc::Sender<usize>,
    is_queued: AtomicBool,
}

impl Wake for Push {
    fn wake(self: Arc<Self>) {
        if !self.is_queued.swap(true, SeqCst) {
            self.queue.send(self.number).unwrap();
        }
    }
}

pub fn run_ready_queue(tasks: Vec<Task>) -> Result<(), usize> {
    let (sender, queue) = mpsc::channel();
    let tasks = tasks.into_iter().enumerate().map(|(number, task)| {
        let queue = sender.clone();
        let is_queued = AtomicBool::new(false);
        let push = Arc::new(Push {
            number,
            queue,
            is_queued,
        });
        Arc::clone(&push).wake();
        Some((task, push))
    });
    let mut tasks: Vec<_> = tasks.collect();
    while let Ok(number) = queue.try_recv() {
        if let Some((task, push)) = &mut tasks[number] {
            push.is_queued.store(false, SeqCst);
            let waker = Waker::from(Arc::clone(push));
            if task
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_ready()
            {
                tasks[number] = None;
            }
        }
    }
    match tasks.iter().flatten().count() {
        0 => Ok(()),
        unfinished => Err(unfinished),
    }
}
