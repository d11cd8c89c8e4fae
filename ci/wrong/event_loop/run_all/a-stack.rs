//! Whoever was woken last is polled first. Caught by `run_all::turns_go_round`, which says "a stack".

pub fn run_all(jobs: Vec<Job>) -> Result<(), usize> {
    struct Push(usize, Arc<Mutex<Vec<usize>>>);
    impl Wake for Push {
        fn wake(self: Arc<Self>) {
            let mut stack = self.1.lock().unwrap();
            if !stack.contains(&self.0) {
                stack.push(self.0);
            }
        }
    }
    let stack = Arc::new(Mutex::new((0..jobs.len()).rev().collect::<Vec<_>>()));
    let mut jobs: Vec<_> = jobs.into_iter().map(Some).collect();
    loop {
        let Some(number) = stack.lock().unwrap().pop() else {
            break;
        };
        let waker = Waker::from(Arc::new(Push(number, Arc::clone(&stack))));
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
