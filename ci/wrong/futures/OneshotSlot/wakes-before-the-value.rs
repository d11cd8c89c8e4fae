//! Wakes the receiver before the value is stored: it finds nothing and waits again. Caught by `OneshotSlot::no_value_is_lost_in_any_interleaving`, which says "Hangs".

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
        let mut state = self.state.lock().unwrap();
        match &mut *state {
            State::Empty(receiver) => {
                let receiver = receiver.take();
                drop(state);
                wake(receiver);
                *self.state.lock().unwrap() = State::Full(value);
                Ok(())
            }
            _ => Err(value),
        }
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
