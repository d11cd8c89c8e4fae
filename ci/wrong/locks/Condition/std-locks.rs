//! Takes its locks from `std::sync`, so no interleaving is tried. Caught by `Condition::no_wake_up_is_lost`, which says "No lock and no atomic of your answer comes from `crate::sync`".

pub struct Condition<T> {
    value: std::sync::Mutex<T>,
    waiters: std::sync::Mutex<Waiters>,
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            value: std::sync::Mutex::new(value),
            waiters: std::sync::Mutex::default(),
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
