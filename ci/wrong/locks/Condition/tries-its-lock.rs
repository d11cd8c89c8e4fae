//! Leaves the waiters asleep when their lock is taken, because the task that holds it is awake. Caught by `Condition::no_wake_up_is_lost`, which says "Hangs".

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
        self.wake_all();
        result
    }

    pub async fn wait_until<R>(&self, mut take: impl FnMut(&mut T) -> Option<R>) -> R {
        let id = self.waiters.lock().unwrap().new_id();
        let _cleanup = OnDrop(|| self.waiters.lock().unwrap().remove(id));
        poll_fn(|cx| {
            let mut waiters = self.waiters.lock().unwrap();
            let taken = take(&mut self.value.lock().unwrap());
            let Some(taken) = taken else {
                waiters.set_waker(id, cx.waker());
                return Poll::Pending;
            };
            drop(waiters);
            self.wake_all();
            Poll::Ready(taken)
        })
        .await
    }

    fn wake_all(&self) {
        let Ok(mut waiters) = self.waiters.try_lock() else {
            return;
        };
        let wakers = waiters.take_all();
        drop(waiters);
        wakers.into_iter().for_each(Waker::wake);
    }
}
