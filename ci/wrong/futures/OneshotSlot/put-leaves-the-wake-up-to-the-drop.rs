//! `put` leaves the wake-up to the drop of the sender. Caught by `OneshotSlot::put_alone_wakes_in_every_interleaving`, which says "every thread waits".

pub struct OneshotSlot<T> {
    state: Mutex<State<T>>,
    /// The receiver to wake when the sender is dropped.
    receiver: Mutex<Option<Waker>>,
}

impl<T> OneshotSlot<T> {
    pub fn empty() -> Self {
        Self {
            state: Mutex::new(State::Empty(None)),
            receiver: Mutex::new(None),
        }
    }

    pub fn put(&self, value: T) -> Result<(), T> {
        let mut state = self.state.lock().unwrap();
        match &mut *state {
            State::Empty(receiver) => {
                *self.receiver.lock().unwrap() = receiver.take();
                *state = State::Full(value);
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
        } else {
            drop(state);
            let receiver = self.receiver.lock().unwrap().take();
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
        drop(state);
        *self.receiver.lock().unwrap() = None;
    }
}
