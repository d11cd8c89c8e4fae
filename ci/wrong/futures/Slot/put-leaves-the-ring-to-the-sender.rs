//! `put` rings nobody: the sender will, when it goes. Caught by `Slot::a_value_alone_wakes_whoever_is_first`, which says "every thread waits".

pub struct Slot<T> {
    state: Mutex<State<T>>,
    /// Whom the sender wakes when it goes.
    waiting: Mutex<Option<Waker>>,
}

impl<T> Slot<T> {
    pub fn empty() -> Self {
        Self {
            state: Mutex::new(State::Empty(None)),
            waiting: Mutex::new(None),
        }
    }

    pub fn put(&self, value: T) -> Result<(), T> {
        let mut state = self.state.lock().unwrap();
        match &mut *state {
            State::Empty(waiting) => {
                *self.waiting.lock().unwrap() = waiting.take();
                *state = State::Full(value);
                Ok(())
            }
            _ => Err(value),
        }
    }

    pub fn sender_gone(&self) {
        let mut state = self.state.lock().unwrap();
        if let State::Empty(waiting) = &mut *state {
            let waiting = waiting.take();
            *state = State::SenderGone;
            drop(state);
            wake(waiting);
        } else {
            drop(state);
            let waiting = self.waiting.lock().unwrap().take();
            wake(waiting);
        }
    }

    pub fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        let mut state = self.state.lock().unwrap();
        if let State::Empty(waiting) = &mut *state {
            *waiting = Some(cx.waker().clone());
            return Poll::Pending;
        }
        match std::mem::replace(&mut *state, State::SenderGone) {
            State::Full(value) => Poll::Ready(Ok(value)),
            _ => Poll::Ready(Err(Closed)),
        }
    }

    pub fn receiver_gone(&self) {
        let mut state = self.state.lock().unwrap();
        *state = State::ReceiverGone;
        drop(state);
        *self.waiting.lock().unwrap() = None;
    }
}
