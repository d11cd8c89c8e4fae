//! What is there already is taken at once, and nobody is told. Caught by `Condition::who_takes_without_waiting_wakes_the_others`, which says "a shortcut returns what is there already".

pub struct Condition<T> {
    state: Mutex<(T, Waiting)>,
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            state: Mutex::new((value, Waiting::default())),
        }
    }

    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut state = self.state();
        let (value, waiting) = &mut *state;
        let result = change(value);
        let wakers = waiting.take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        result
    }

    pub async fn wait_until<R>(&self, mut take: impl FnMut(&mut T) -> Option<R>) -> R {
        if let Some(taken) = take(&mut self.state().0) {
            return taken;
        }
        let ticket = self.state().1.ticket();
        let _leave = OnDrop(|| self.state().1.forget(ticket));
        poll_fn(|cx| {
            let mut state = self.state();
            let (value, waiting) = &mut *state;
            let Some(taken) = take(value) else {
                waiting.keep(ticket, cx.waker());
                return Poll::Pending;
            };
            let wakers = waiting.take_all();
            drop(state);
            wakers.into_iter().for_each(Waker::wake);
            Poll::Ready(taken)
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, (T, Waiting)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
