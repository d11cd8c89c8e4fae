//! A job whose waker is used after its end is polled once more. Caught by `run_all::a_job_that_has_ended_is_left_alone`, which says "after its end".

pub fn run_all(mut jobs: Vec<Job>) -> Result<(), usize> {
    let queue = Arc::new(ReadyQueue::default());
    let mut ended = vec![false; jobs.len()];
    (0..jobs.len()).for_each(|number| queue.push(number));
    while let Some(number) = queue.pop() {
        let waker = Waker::from(Arc::new(JobWaker {
            number,
            queue: Arc::clone(&queue),
        }));
        if jobs[number]
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_ready()
        {
            ended[number] = true;
        }
    }
    match ended.iter().filter(|ended| !**ended).count() {
        0 => Ok(()),
        waiting => Err(waiting),
    }
}
