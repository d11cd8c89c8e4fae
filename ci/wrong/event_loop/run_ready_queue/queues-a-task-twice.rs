//! Puts a task into the queue for each wake-up, even if it is there already. Caught by `run_ready_queue::polls_once_for_several_wake_ups`, which says "it is there already".

pub fn run_ready_queue(tasks: Vec<Task>) -> Result<(), usize> {
    struct Push(usize, Arc<Mutex<VecDeque<usize>>>);
    impl Wake for Push {
        fn wake(self: Arc<Self>) {
            self.1.lock().unwrap().push_back(self.0);
        }
    }
    let queue = Arc::new(Mutex::new(VecDeque::from_iter(0..tasks.len())));
    let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
    // A task that always wakes itself would keep this loop going.
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
