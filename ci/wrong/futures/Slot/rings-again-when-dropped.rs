//! The sender rings when it has sent, and once more when it is dropped after that. Caught by `Slot::sending_wakes_the_receiver`, which says "rings as well".

struct Inside<T> {
    value: Option<T>,
    waker: Option<Waker>,
    sender_gone: bool,
    receiver_gone: bool,
}

pub struct Slot<T> {
    inside: Mutex<Inside<T>>,
}

impl<T> Slot<T> {
    pub fn empty() -> Self {
        Self {
            inside: Mutex::new(Inside {
                value: None,
                waker: None,
                sender_gone: false,
                receiver_gone: false,
            }),
        }
    }

    pub fn put(&self, value: T) -> Result<(), T> {
        let mut inside = self.inside.lock().unwrap();
        if inside.receiver_gone {
            return Err(value);
        }
        inside.value = Some(value);
        let waiting = inside.waker.clone();
        drop(inside);
        wake(waiting);
        Ok(())
    }

    pub fn sender_gone(&self) {
        let mut inside = self.inside.lock().unwrap();
        inside.sender_gone = true;
        let waiting = inside.waker.take();
        drop(inside);
        wake(waiting);
    }

    pub fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        let mut inside = self.inside.lock().unwrap();
        if let Some(value) = inside.value.take() {
            return Poll::Ready(Ok(value));
        }
        if inside.sender_gone {
            return Poll::Ready(Err(Closed));
        }
        inside.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    pub fn receiver_gone(&self) {
        let mut inside = self.inside.lock().unwrap();
        inside.receiver_gone = true;
        inside.value = None;
        inside.waker = None;
    }
}
