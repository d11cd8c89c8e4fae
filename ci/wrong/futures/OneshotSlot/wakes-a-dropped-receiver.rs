//! `receiver_dropped` wakes the receiver, as `sender_dropped` does. Caught by `OneshotSlot::a_dropped_receiver_leaves_no_waker`, which says "wakes the receiver as `sender_dropped` does".

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
        let mut state = self.lock();
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
        let mut state = self.lock();
        if let State::Empty(receiver) = &mut *state {
            let receiver = receiver.take();
            *state = State::SenderDropped;
            drop(state);
            wake(receiver);
        }
    }

    pub fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        let mut state = self.lock();
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
        let mut state = self.lock();
        let unused = std::mem::replace(&mut *state, State::ReceiverDropped);
        drop(state);
        if let State::Empty(receiver) = unused {
            wake(receiver);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().expect("no code panics under this lock")
    }
}
