//! `put` checks for the receiver and stores the value under two separate locks. Caught by `OneshotSlot::no_value_stays_behind_in_any_interleaving`, which says "under two separate locks".

pub struct OneshotSlot<T> {
    state: Mutex<State<T>>,
}

impl<T> OneshotSlot<T> {
    pub fn empty() -> Self {
        Self {
            state: Mutex::new(State::Empty(None)),
        }
    }

    pub fn put(&self, value: T) -> Result<(), T> {
        if matches!(*self.state.lock().unwrap(), State::ReceiverDropped) {
            return Err(value);
        }
        let before = std::mem::replace(&mut *self.state.lock().unwrap(), State::Full(value));
        if let State::Empty(receiver) = before {
            wake(receiver);
        }
        Ok(())
    }

    pub fn sender_dropped(&self) {
        let mut state = self.state.lock().unwrap();
        if let State::Empty(receiver) = &mut *state {
            let receiver = receiver.take();
            *state = State::SenderDropped;
            drop(state);
            wake(receiver);
        }
    }

    pub fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        let mut state = self.state.lock().unwrap();
        if let State::Empty(receiver) = &mut *state {
            *receiver = Some(cx.waker().clone());
            return Poll::Pending;
        }
        match std::mem::replace(&mut *state, State::SenderDropped) {
            State::Full(value) => Poll::Ready(Ok(value)),
            _ => Poll::Ready(Err(Closed)),
        }
    }

    pub fn receiver_dropped(&self) {
        let mut state = self.state.lock().unwrap();
        *state = State::ReceiverDropped;
    }
}
