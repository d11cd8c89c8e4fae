//! A job is polled until it has ended before the next one has its turn. Caught by `run_all::turns_go_round`, which says "until it had ended".

pub fn run_all(jobs: Vec<Job>) -> Result<(), usize> {
    let mut waiting = 0;
    for mut job in jobs {
        let queue = Arc::new(ReadyQueue::default());
        queue.push(0);
        let waker = Waker::from(Arc::new(JobWaker {
            number: 0,
            queue: Arc::clone(&queue),
        }));
        let mut ended = false;
        while queue.pop().is_some() && !ended {
            ended = job
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_ready();
        }
        waiting += usize::from(!ended);
    }
    match waiting {
        0 => Ok(()),
        waiting => Err(waiting),
    }
}
