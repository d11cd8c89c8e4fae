//! Ends when the first task has finished, as `block_on` does. Caught by `run_ready_queue::runs_all_tasks_to_completion`, which says "the result was Err(1)".

pub fn run_ready_queue(tasks: Vec<Task>) -> Result<(), usize> {
    #[derive(Default)]
    struct Shared {
        queue: Mutex<VecDeque<usize>>,
    }
    struct One {
        number: usize,
        shared: Arc<Shared>,
    }
    impl Wake for One {
        fn wake(self: Arc<Self>) {
            let mut queue = self.shared.queue.lock().unwrap();
            let number = self.number;
            if !queue.contains(&number) {
                queue.push_back(number);
            }
        }
    }
    let total = tasks.len();
    let shared = Arc::new(Shared::default());
    shared.queue.lock().unwrap().extend(0..total);
    let mut slots: Vec<Option<Task>> = tasks.into_iter().map(Some).collect();
    let mut finished = 0;

    loop {
        let Some(next) = shared.queue.lock().unwrap().pop_front() else {
            break;
        };
        let number = next;
        let waker = Waker::from(Arc::new(One {
            number,
            shared: Arc::clone(&shared),
        }));
        if let Some(task) = &mut slots[number]
            && task
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_ready()
        {
            slots[number] = None;
            finished += 1;
        }
        if slots[0].is_none() {
            break;
        }
    }
    if finished == total {
        Ok(())
    } else {
        Err(total - finished)
    }
}
