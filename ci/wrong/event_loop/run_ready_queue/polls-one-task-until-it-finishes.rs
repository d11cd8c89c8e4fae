//! Polls one task until it has finished before it polls the next one. Caught by `run_ready_queue::a_task_that_yields_goes_to_the_end_of_the_queue`, which says "one task is polled until".

pub fn run_ready_queue(tasks: Vec<Task>) -> Result<(), usize> {
    let mut unfinished = 0;
    for mut task in tasks {
        let queue = Arc::new(ReadyQueue::default());
        queue.push(0);
        let waker = Waker::from(Arc::new(TaskWaker {
            number: 0,
            queue: Arc::clone(&queue),
        }));
        let mut finished = false;
        while queue.pop().is_some() && !finished {
            finished = task
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_ready();
        }
        unfinished += usize::from(!finished);
    }
    match unfinished {
        0 => Ok(()),
        unfinished => Err(unfinished),
    }
}
