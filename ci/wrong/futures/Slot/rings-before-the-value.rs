//! The receiver is woken before the value is there: it looks, finds nothing and sleeps on. Caught by `Slot::nothing_is_lost_whoever_is_first`, which says "Hangs".

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
                drop(state);
                wake(waiting);
                *self.state.lock().unwrap() = State::Full(value);
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
        let mut state = self.state.lock().unwrap();
        *state = State::ReceiverGone;
    }
}
