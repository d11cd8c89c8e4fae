//! Stops after ten thousand polls. Caught by `run_ready_queue::a_task_may_be_polled_any_number_of_times`, which says "number of polls is limited".

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
    let mut polls = 0;
    loop {
        let Some(next) = shared.queue.lock().unwrap().pop_front() else {
            break;
        };
        polls += 1;
        if polls > 10_000 {
            break;
        }
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
    }
    if finished == total {
        Ok(())
    } else {
        Err(total - finished)
    }
}
