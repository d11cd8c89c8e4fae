//! Records that the receiver was dropped, but keeps its waker. Caught by `OneshotSlot::a_dropped_receiver_leaves_no_waker`, which says "as long as the sender lives".

pub struct OneshotSlot<T> {
    state: Mutex<State<T>>,
    receiver_dropped: Mutex<bool>,
}

impl<T> OneshotSlot<T> {
    pub fn empty() -> Self {
        Self {
            state: Mutex::new(State::Empty(None)),
            receiver_dropped: Mutex::new(false),
        }
    }

    pub fn put(&self, value: T) -> Result<(), T> {
        if *self.receiver_dropped.lock().unwrap() {
            return Err(value);
        }
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
            *receiver = Some(cx.waker().clone());
            return Poll::Pending;
        }
        match std::mem::replace(&mut *state, State::SenderDropped) {
            State::Full(value) => Poll::Ready(Ok(value)),
            _ => Poll::Ready(Err(Closed)),
        }
    }

    pub fn receiver_dropped(&self) {
        *self.receiver_dropped.lock().unwrap() = true;
    }
}
