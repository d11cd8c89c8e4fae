//! Counts all tasks when some of them never finish. Caught by `run_ready_queue::returns_the_number_of_unfinished_tasks`, which says "all tasks were counted".

pub fn run_ready_queue(tasks: Vec<Task>) -> Result<(), usize> {
    let count = tasks.len();
    let queue = Arc::new(ReadyQueue::default());
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    (0..count).for_each(|number| queue.push(number));
    while let Some(number) = queue.pop() {
        let waker = Waker::from(Arc::new(TaskWaker {
            number,
            queue: Arc::clone(&queue),
        }));
        if let Some(task) = &mut tasks[number]
            && task
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_ready()
        {
            tasks[number] = None;
        }
    }
    if tasks.iter().all(Option::is_none) {
        Ok(())
    } else {
        Err(count)
    }
}
