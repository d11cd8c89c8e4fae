//! Polls the task that was woken last, before those that were woken earlier. Caught by `run_ready_queue::a_task_that_yields_goes_to_the_end_of_the_queue`, which says "a stack".

pub fn run_ready_queue(tasks: Vec<Task>) -> Result<(), usize> {
    struct Push(usize, Arc<Mutex<Vec<usize>>>);
    impl Wake for Push {
        fn wake(self: Arc<Self>) {
            let mut stack = self.1.lock().unwrap();
            if !stack.contains(&self.0) {
                stack.push(self.0);
            }
        }
    }
    let stack = Arc::new(Mutex::new((0..tasks.len()).rev().collect::<Vec<_>>()));
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    loop {
        let Some(number) = stack.lock().unwrap().pop() else {
            break;
        };
        let waker = Waker::from(Arc::new(Push(number, Arc::clone(&stack))));
        if let Some(task) = &mut tasks[number]
            && task
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_ready()
        {
            tasks[number] = None;
        }
    }
    match tasks.iter().flatten().count() {
        0 => Ok(()),
        unfinished => Err(unfinished),
    }
}
