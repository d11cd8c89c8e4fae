//! Every job is polled in each round, woken or not. Caught by `run_all::only_who_was_woken_is_polled`, which says "again and again".

pub fn run_all(jobs: Vec<Job>) -> Result<(), usize> {
    let mut jobs = jobs;
    for _ in 0..100 {
        jobs.retain_mut(|job| {
            job.as_mut()
                .poll(&mut Context::from_waker(Waker::noop()))
                .is_pending()
        });
    }
    match jobs.len() {
        0 => Ok(()),
        waiting => Err(waiting),
    }
}
