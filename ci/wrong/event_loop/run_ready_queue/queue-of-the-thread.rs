//! Keeps the queue in a `thread_local!`, where wake-ups on other threads don't reach it. Caught by `run_ready_queue::a_waker_works_on_any_thread`, which says "`thread_local!`".

use std::cell::RefCell;

thread_local! {
    static QUEUE: RefCell<VecDeque<usize>> = const { RefCell::new(VecDeque::new()) };
}

struct TaskWaker(usize);

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        QUEUE.with_borrow_mut(|queue| {
            if !queue.contains(&self.0) {
                queue.push_back(self.0);
            }
        });
    }
}

pub fn run_ready_queue(tasks: Vec<Task>) -> Result<(), usize> {
    QUEUE.set((0..tasks.len()).collect());
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    while let Some(number) = QUEUE.with_borrow_mut(VecDeque::pop_front) {
        let waker = Waker::from(Arc::new(TaskWaker(number)));
        if let Some(task) = tasks.get_mut(number).and_then(Option::as_mut)
            && task
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_ready()
        {
            tasks[number] = None;
        }
    }
    match tasks.iter().flatten().count() {
        0 => Ok(()),
        unfinished => Err(unfinished),
    }
}
