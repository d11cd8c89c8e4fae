//! Notes that a task has finished after its last poll, in which it may have woken itself. Caught by `run_ready_queue::polls_once_for_several_wake_ups`, which says "wakes itself in the poll in which it finishes".

struct TaskWaker {
    number: usize,
    state: Arc<Mutex<(VecDeque<usize>, Vec<bool>)>>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        let mut state = self.state.lock().unwrap();
        // Finished tasks are not put into the queue again.
        if !state.1[self.number] && !state.0.contains(&self.number) {
            state.0.push_back(self.number);
        }
    }
}

pub fn run_ready_queue(mut tasks: Vec<Task>) -> Result<(), usize> {
    let state = Arc::new(Mutex::new((
        (0..tasks.len()).collect::<VecDeque<_>>(),
        vec![false; tasks.len()],
    )));
    loop {
        let Some(number) = state.lock().unwrap().0.pop_front() else {
            break;
        };
        let waker = Waker::from(Arc::new(TaskWaker {
            number,
            state: Arc::clone(&state),
        }));
        if tasks[number]
            .as_mut()
            .poll(&mut Context::from_waker(&waker))
            .is_ready()
        {
            state.lock().unwrap().1[number] = true;
        }
    }
    let unfinished = state
        .lock()
        .unwrap()
        .1
        .iter()
        .filter(|done| !**done)
        .count();
    if unfinished == 0 {
        Ok(())
    } else {
        Err(unfinished)
    }
}
