//! Replaces the stored waker when the new one is not that of the first poll. Caught by `OneshotSlot::wakes_the_latest_waker`, which says "compares its waker with that of the first poll".

pub struct OneshotSlot<T> {
    state: Mutex<State<T>>,
    first: Mutex<Option<Waker>>,
}

impl<T> OneshotSlot<T> {
    pub fn empty() -> Self {
        Self {
            state: Mutex::new(State::Empty(None)),
            first: Mutex::default(),
        }
    }

    pub fn put(&self, value: T) -> Result<(), T> {
        let mut state = self.state.lock().unwrap();
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
            let mut first = self.first.lock().unwrap();
            let first = first.get_or_insert_with(|| cx.waker().clone());
            if receiver.is_none() || !first.will_wake(cx.waker()) {
                *receiver = Some(cx.waker().clone());
            }
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
        *self.first.lock().unwrap() = None;
    }
}
