//! That the receiver is gone is noted, and what was kept for it stays. Caught by `Slot::keeps_no_waker_for_a_receiver_that_is_gone`, which says "as long as the sender lives".

pub struct Slot<T> {
    state: Mutex<State<T>>,
    receiver_gone: Mutex<bool>,
}

impl<T> Slot<T> {
    pub fn empty() -> Self {
        Self {
            state: Mutex::new(State::Empty(None)),
            receiver_gone: Mutex::new(false),
        }
    }

    pub fn put(&self, value: T) -> Result<(), T> {
        if *self.receiver_gone.lock().unwrap() {
            return Err(value);
        }
        let mut state = self.state.lock().unwrap();
        match &mut *state {
            State::Empty(waiting) => {
                let waiting = waiting.take();
                *state = State::Full(value);
                drop(state);
                wake(waiting);
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
        *self.receiver_gone.lock().unwrap() = true;
    }
}
