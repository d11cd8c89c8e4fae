//! Passes each task to the `block_on` of a runtime. Caught by `run_ready_queue::runs_all_tasks_to_completion`, which says "Your answer panicked".

pub fn run_ready_queue(tasks: Vec<Task>) -> Result<(), usize> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for task in tasks {
        runtime.block_on(task);
    }
    Ok(())
}
