//! The waker is used while the lock is held, and whoever is woken wants it. Caught by `Slot::wakes_when_its_lock_is_free`, which says "woken while the lock is held".

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
        let mut state = self.state.lock().unwrap();
        match &mut *state {
            State::Empty(waiting) => {
                let waiting = waiting.take();
                *state = State::Full(value);
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
