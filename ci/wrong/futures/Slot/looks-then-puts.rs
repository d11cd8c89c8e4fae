//! `put` looks whether the receiver is there, and puts the value in under another lock. Caught by `Slot::nothing_is_kept_whoever_is_first`, which says "under two locks".

pub struct Slot<T> {
    state: Mutex<State<T>>,
}

impl<T> Slot<T> {
    pub fn empty() -> Self {
        Self {
            state: Mutex::new(State::Empty(None)),
        }
    }

    pub fn put(&self, value: T) -> Result<(), T> {
        if matches!(*self.state.lock().unwrap(), State::ReceiverGone) {
            return Err(value);
        }
        let before = std::mem::replace(&mut *self.state.lock().unwrap(), State::Full(value));
        if let State::Empty(waiting) = before {
            wake(waiting);
        }
        Ok(())
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
        let mut state = self.state.lock().unwrap();
        *state = State::ReceiverGone;
    }
}
