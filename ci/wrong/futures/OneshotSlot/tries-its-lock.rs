//! Returns the value when the lock is taken, although the receiver is only polling at that moment. Caught by `OneshotSlot::put_alone_wakes_in_every_interleaving`, which says "Hangs".

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
        let Ok(mut state) = self.state.try_lock() else {
            return Err(value);
        };
        match &mut *state {
            State::Empty(receiver) => {
                let receiver = receiver.take();
                *state = State::Full(value);
                drop(state);
                wake(receiver);
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
