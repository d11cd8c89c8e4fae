//! The value and the wakers have a lock each, and the waker is stored after the check. Caught by `Condition::no_wake_up_is_lost`, which says "a wake-up is lost".

pub struct Condition<T> {
    value: Mutex<T>,
    waiters: Mutex<Waiters>,
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            value: Mutex::new(value),
            waiters: Mutex::default(),
        }
    }

    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.value.lock().unwrap());
        let wakers = self.waiters.lock().unwrap().take_all();
        wakers.into_iter().for_each(Waker::wake);
        result
    }

    pub async fn wait_until<R>(&self, mut take: impl FnMut(&mut T) -> Option<R>) -> R {
        let id = self.waiters.lock().unwrap().new_id();
        let _cleanup = OnDrop(|| self.waiters.lock().unwrap().remove(id));
        poll_fn(|cx| {
            let taken = take(&mut self.value.lock().unwrap());
            let Some(taken) = taken else {
                self.waiters.lock().unwrap().set_waker(id, cx.waker());
                return Poll::Pending;
            };
            let wakers = self.waiters.lock().unwrap().take_all();
            wakers.into_iter().for_each(Waker::wake);
            Poll::Ready(taken)
        })
        .await
    }
}
