//! Polls a task again when its waker is called after it has finished. Caught by `run_ready_queue::never_polls_a_task_that_has_finished`, which says "after it has finished".

pub fn run_ready_queue(mut tasks: Vec<Task>) -> Result<(), usize> {
    let queue = Arc::new(ReadyQueue::default());
    let mut finished = vec![false; tasks.len()];
    (0..tasks.len()).for_each(|number| queue.push(number));
    while let Some(number) = queue.pop() {
        let waker = Waker::from(Arc::new(TaskWaker {
            number,
            queue: Arc::clone(&queue),
        }));
        if tasks[number]
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_ready()
        {
            finished[number] = true;
        }
    }
    match finished.iter().filter(|finished| !**finished).count() {
        0 => Ok(()),
        unfinished => Err(unfinished),
    }
}
