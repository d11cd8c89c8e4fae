//! Each wake-up puts the job into the queue, also when it is there already. Caught by `run_all::woken_several_times_is_polled_once`, which says "it is there already".

pub fn run_all(jobs: Vec<Job>) -> Result<(), usize> {
    struct Push(usize, Arc<Mutex<VecDeque<usize>>>);
    impl Wake for Push {
        fn wake(self: Arc<Self>) {
            self.1.lock().unwrap().push_back(self.0);
        }
    }
    let queue = Arc::new(Mutex::new(VecDeque::from_iter(0..jobs.len())));
    let mut jobs: Vec<_> = jobs.into_iter().map(Some).collect();
    // A waker that is used when the job has just been polled to its end must not poll it again.
    let mut polls = 0;
    loop {
        let Some(number) = queue.lock().unwrap().pop_front() else {
            break;
        };
        let waker = Waker::from(Arc::new(Push(number, Arc::clone(&queue))));
        polls += 1;
        if polls > 10_000 {
            break;
        }
        if let Some(job) = &mut jobs[number]
            && job
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_ready()
        {
            jobs[number] = None;
        }
    }
    match jobs.iter().flatten().count() {
        0 => Ok(()),
        waiting => Err(waiting),
    }
}
