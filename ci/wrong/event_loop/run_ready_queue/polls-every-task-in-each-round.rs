//! Polls every task in each round, woken or not. Caught by `run_ready_queue::polls_only_tasks_that_were_woken`, which says "again and again".

pub fn run_ready_queue(tasks: Vec<Task>) -> Result<(), usize> {
    let mut tasks = tasks;
    for _ in 0..100 {
        tasks.retain_mut(|task| {
            task.as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        });
    }
    match tasks.len() {
        0 => Ok(()),
        unfinished => Err(unfinished),
    }
}
