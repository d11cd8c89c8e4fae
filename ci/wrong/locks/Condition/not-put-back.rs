//! The value is taken out for a change, and not put back. Caught by `Condition::changing_gives_what_the_change_gives`, which says "a value can be missing here".

pub struct Condition<T> {
    state: Mutex<(Option<T>, Waiting)>,
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            state: Mutex::new((Some(value), Waiting::default())),
        }
    }

    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut state = self.state.lock().unwrap();
        let result = change(&mut state.0.take().unwrap());
        let wakers = state.1.take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        result
    }

    pub async fn wait_until<R>(&self, mut take: impl FnMut(&mut T) -> Option<R>) -> R {
        let ticket = self.state.lock().unwrap().1.ticket();
        let _leave = OnDrop(|| self.state.lock().unwrap().1.forget(ticket));
        poll_fn(|cx| {
            let mut state = self.state.lock().unwrap();
            let Some(taken) = state.0.as_mut().and_then(&mut take) else {
                state.1.keep(ticket, cx.waker());
                return Poll::Pending;
            };
            let wakers = state.1.take_all();
            drop(state);
            wakers.into_iter().for_each(Waker::wake);
            Poll::Ready(taken)
        })
        .await
    }
}
