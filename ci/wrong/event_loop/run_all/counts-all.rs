//! When some wait for ever, all jobs are counted. Caught by `run_all::tells_how_many_wait_for_ever`, which says "all of them".

pub fn run_all(jobs: Vec<Job>) -> Result<(), usize> {
    let count = jobs.len();
    let queue = Arc::new(ReadyQueue::default());
    let mut jobs: Vec<_> = jobs.into_iter().map(Some).collect();
    (0..count).for_each(|number| queue.push(number));
    while let Some(number) = queue.pop() {
        let waker = Waker::from(Arc::new(JobWaker {
            number,
            queue: Arc::clone(&queue),
        }));
        if let Some(job) = &mut jobs[number]
            && job
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_ready()
        {
            jobs[number] = None;
        }
    }
    if jobs.iter().all(Option::is_none) {
        Ok(())
    } else {
        Err(count)
    }
}
