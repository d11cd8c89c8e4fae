//! Leaves the waker in the slot when it calls it, so a sender that is dropped after its value was taken calls it again. Caught by `OneshotSlot::a_sender_that_is_dropped_after_its_value_changes_nothing`, which says "the waker stays in the slot".

pub struct OneshotSlot<T> {
    shared: Mutex<Shared<T>>,
}

struct Shared<T> {
    value: Option<T>,
    waker: Option<Waker>,
    sender_gone: bool,
    receiver_gone: bool,
}

impl<T> OneshotSlot<T> {
    pub fn empty() -> Self {
        Self {
            shared: Mutex::new(Shared {
                value: None,
                waker: None,
                sender_gone: false,
                receiver_gone: false,
            }),
        }
    }

    pub fn put(&self, value: T) -> Result<(), T> {
        let mut shared = self.shared.lock().unwrap();
        if shared.receiver_gone {
            return Err(value);
        }
        shared.value = Some(value);
        let waker = shared.waker.clone();
        drop(shared);
        wake(waker);
        Ok(())
    }

    pub fn sender_dropped(&self) {
        let mut shared = self.shared.lock().unwrap();
        if shared.value.is_some() {
            return;
        }
        shared.sender_gone = true;
        let waker = shared.waker.take();
        drop(shared);
        wake(waker);
    }

    pub fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        let mut shared = self.shared.lock().unwrap();
        if let Some(value) = shared.value.take() {
            return Poll::Ready(Ok(value));
        }
        if shared.sender_gone {
            return Poll::Ready(Err(Closed));
        }
        shared.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    pub fn receiver_dropped(&self) {
        let mut shared = self.shared.lock().unwrap();
        shared.receiver_gone = true;
        let unused = (shared.value.take(), shared.waker.take());
        drop(shared);
        drop(unused);
    }
}
