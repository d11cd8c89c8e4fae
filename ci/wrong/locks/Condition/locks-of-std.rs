//! Its locks come from `std::sync`, so that no order of the steps was tried. Caught by `Condition::nobody_waits_for_what_is_there`, which says "No lock and no atomic of your answer comes from `crate::sync`".

pub struct Condition<T> {
    value: std::sync::Mutex<T>,
    waiting: std::sync::Mutex<Waiting>,
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            value: std::sync::Mutex::new(value),
            waiting: std::sync::Mutex::default(),
        }
    }

    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.value.lock().unwrap());
        let wakers = self.waiting.lock().unwrap().take_all();
        wakers.into_iter().for_each(Waker::wake);
        result
    }

    pub async fn wait_until<R>(&self, mut take: impl FnMut(&mut T) -> Option<R>) -> R {
        let ticket = self.waiting.lock().unwrap().ticket();
        let _leave = OnDrop(|| self.waiting.lock().unwrap().forget(ticket));
        poll_fn(|cx| {
            let taken = take(&mut self.value.lock().unwrap());
            let Some(taken) = taken else {
                self.waiting.lock().unwrap().keep(ticket, cx.waker());
                return Poll::Pending;
            };
            let wakers = self.waiting.lock().unwrap().take_all();
            wakers.into_iter().for_each(Waker::wake);
            Poll::Ready(taken)
        })
        .await
    }
}
