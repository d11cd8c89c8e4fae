//! Looks for the value under a lock, and then whether the sender is gone. Caught by `OneshotSlot::no_value_is_lost_in_any_interleaving`, which says "looks for the value in one step".

use crate::sync::atomic::{AtomicBool, Ordering};

pub struct OneshotSlot<T> {
    value: Mutex<(Option<T>, Option<Waker>)>,
    sender_gone: AtomicBool,
    receiver_gone: Mutex<bool>,
}

impl<T> OneshotSlot<T> {
    pub fn empty() -> Self {
        Self {
            value: Mutex::new((None, None)),
            sender_gone: AtomicBool::new(false),
            receiver_gone: Mutex::new(false),
        }
    }

    pub fn put(&self, value: T) -> Result<(), T> {
        let gone = self.receiver_gone.lock().unwrap();
        if *gone {
            return Err(value);
        }
        let mut slot = self.value.lock().unwrap();
        slot.0 = Some(value);
        let waker = slot.1.take();
        drop(slot);
        drop(gone);
        wake(waker);
        Ok(())
    }

    pub fn sender_dropped(&self) {
        let mut slot = self.value.lock().unwrap();
        self.sender_gone.store(true, Ordering::SeqCst);
        let waker = slot.1.take();
        drop(slot);
        wake(waker);
    }

    pub fn poll_take(&self, cx: &mut Context<'_>) -> Poll<Result<T, Closed>> {
        if let Some(value) = self.value.lock().unwrap().0.take() {
            return Poll::Ready(Ok(value));
        }
        // The sender may send and go between the two.
        if self.sender_gone.load(Ordering::SeqCst) {
            return Poll::Ready(Err(Closed));
        }
        let mut slot = self.value.lock().unwrap();
        if let Some(value) = slot.0.take() {
            return Poll::Ready(Ok(value));
        }
        if self.sender_gone.load(Ordering::SeqCst) {
            return Poll::Ready(Err(Closed));
        }
        slot.1 = Some(cx.waker().clone());
        Poll::Pending
    }

    pub fn receiver_dropped(&self) {
        *self.receiver_gone.lock().unwrap() = true;
        let left = std::mem::take(&mut *self.value.lock().unwrap());
        drop(left);
    }
}
