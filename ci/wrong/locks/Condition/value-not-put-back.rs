//! Takes the value out for a change, and does not put it back. Caught by `Condition::change_returns_the_result_of_its_closure`, which says "a value can be missing here".

pub struct Condition<T> {
    state: Mutex<(Option<T>, Waiters)>,
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            state: Mutex::new((Some(value), Waiters::default())),
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
        let id = self.state.lock().unwrap().1.new_id();
        let _cleanup = OnDrop(|| self.state.lock().unwrap().1.remove(id));
        poll_fn(|cx| {
            let mut state = self.state.lock().unwrap();
            let Some(taken) = state.0.as_mut().and_then(&mut take) else {
                state.1.set_waker(id, cx.waker());
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
