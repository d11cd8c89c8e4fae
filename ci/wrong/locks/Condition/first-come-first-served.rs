//! Only the longest waiter may take, whatever it waits for. Caught by `Condition::taking_at_the_first_poll_wakes_the_other_waiters`, which says "the first to wait is served first".

pub struct Condition<T> {
    state: Mutex<(T, Waiters)>,
    queue: Mutex<Vec<u64>>,
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            state: Mutex::new((value, Waiters::default())),
            queue: Mutex::default(),
        }
    }

    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut state = self.state();
        let (value, waiters) = &mut *state;
        let result = change(value);
        let wakers = waiters.take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        result
    }

    pub async fn wait_until<R>(&self, mut take: impl FnMut(&mut T) -> Option<R>) -> R {
        let id = self.state().1.new_id();
        self.queue.lock().unwrap().push(id);
        let _cleanup = OnDrop(|| {
            self.state().1.remove(id);
            self.queue.lock().unwrap().retain(|other| *other != id);
        });
        poll_fn(|cx| {
            let mut state = self.state();
            let (value, waiters) = &mut *state;
            let is_first = self.queue.lock().unwrap().first() == Some(&id);
            let taken = if is_first { take(value) } else { None };
            let Some(taken) = taken else {
                waiters.set_waker(id, cx.waker());
                return Poll::Pending;
            };
            let wakers = waiters.take_all();
            drop(state);
            wakers.into_iter().for_each(Waker::wake);
            Poll::Ready(taken)
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, (T, Waiters)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
