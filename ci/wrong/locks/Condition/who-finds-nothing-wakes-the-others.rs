//! Whoever looks and finds nothing wakes the others, who find nothing, too. Caught by `Condition::who_finds_nothing_wakes_nobody`, which says "a busy loop of two".

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
        let ticket = self.state().1.ticket();
        let _leave = OnDrop(|| self.state().1.forget(ticket));
        poll_fn(|cx| {
            let mut state = self.state();
            let (value, waiting) = &mut *state;
            let Some(taken) = take(value) else {
                let wakers = waiting.take_all();
                waiting.keep(ticket, cx.waker());
                drop(state);
                wakers.into_iter().for_each(Waker::wake);
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
