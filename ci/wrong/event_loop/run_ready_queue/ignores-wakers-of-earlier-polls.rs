//! A waker counts only until the next poll of its task. Caught by `run_ready_queue::a_waker_of_an_earlier_poll_still_wakes_its_task`, which says "waker of a task's latest poll wakes it".

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
    let generations: Arc<Mutex<Vec<u64>>> = Arc::new(Mutex::new(vec![0; total]));
    loop {
        let Some(next) = shared.queue.lock().unwrap().pop_front() else {
            break;
        };
        let number = next;
        let waker = Waker::from(Arc::new(One {
            number,
            shared: Arc::clone(&shared),
        }));
        struct Fresh {
            inner: Waker,
            mine: u64,
            number: usize,
            all: Arc<Mutex<Vec<u64>>>,
        }
        impl Wake for Fresh {
            fn wake(self: Arc<Self>) {
                if self.all.lock().unwrap()[self.number] == self.mine {
                    self.inner.wake_by_ref();
                }
            }
        }
        let mine = {
            let mut all = generations.lock().unwrap();
            all[number] += 1;
            all[number]
        };
        let waker = Waker::from(Arc::new(Fresh {
            inner: waker,
            mine,
            number,
            all: Arc::clone(&generations),
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
