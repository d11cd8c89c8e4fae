//! Wakes the receiver when a value is sent, and again when the sender is dropped after that. Caught by `OneshotSlot::sending_wakes_the_receiver_once`, which says "a second time".

struct Shared<T> {
    value: Option<T>,
    waker: Option<Waker>,
    sender_dropped: bool,
    receiver_dropped: bool,
}

pub struct OneshotSlot<T> {
    shared: Mutex<Shared<T>>,
}

impl<T> OneshotSlot<T> {
    pub fn empty() -> Self {
        Self {
            shared: Mutex::new(Shared {
                value: None,
                waker: None,
                sender_dropped: false,
                receiver_dropped: false,
            }),
        }
    }

    pub fn put(&self, value: T) -> Result<(), T> {
        let mut shared = self.shared.lock().unwrap();
        if shared.receiver_dropped {
            return Err(value);
        }
        shared.value = Some(value);
        let receiver = shared.waker.clone();
        drop(shared);
        wake(receiver);
        Ok(())
    }

    pub fn sender_dropped(&self) {
        let mut shared = self.shared.lock().unwrap();
        shared.sender_dropped = true;
        let receiver = shared.waker.take();
        drop(shared);
        wake(receiver);
    }

    pub fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        let mut shared = self.shared.lock().unwrap();
        if let Some(value) = shared.value.take() {
            return Poll::Ready(Ok(value));
        }
        if shared.sender_dropped {
            return Poll::Ready(Err(Closed));
        }
        shared.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    pub fn receiver_dropped(&self) {
        let mut shared = self.shared.lock().unwrap();
        shared.receiver_dropped = true;
        shared.value = None;
        shared.waker = None;
    }
}
