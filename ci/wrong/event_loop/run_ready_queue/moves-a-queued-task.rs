//! A second wake-up moves a task that is queued already to the end of the queue. Caught by `run_ready_queue::polls_in_the_order_of_the_wake_ups`, which says "moves a task to the end".

pub fn run_ready_queue(tasks: Vec<Task>) -> Result<(), usize> {
    struct Push(usize, Arc<Mutex<VecDeque<usize>>>);
    impl Wake for Push {
        fn wake(self: Arc<Self>) {
            let mut queue = self.1.lock().unwrap();
            queue.retain(|number| *number != self.0);
            queue.push_back(self.0);
        }
    }
    let queue = Arc::new(Mutex::new(VecDeque::from_iter(0..tasks.len())));
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    loop {
        let Some(number) = queue.lock().unwrap().pop_front() else {
            break;
        };
        let waker = Waker::from(Arc::new(Push(number, Arc::clone(&queue))));
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
