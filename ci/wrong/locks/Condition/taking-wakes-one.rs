//! A change wakes every waiter, and a successful `take` only one of the others. Caught by `Condition::taking_wakes_the_other_waiters`, which says "wakes one of the other waiters".

pub struct Condition<T> {
    state: Mutex<(T, BTreeMap<u64, Waker>)>,
    last_id: AtomicU64,
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            state: Mutex::new((value, BTreeMap::new())),
            last_id: AtomicU64::new(0),
        }
    }

    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let mut state = self.state();
        let result = change(&mut state.0);
        let wakers = std::mem::take(&mut state.1);
        drop(state);
        wakers.into_values().for_each(Waker::wake);
        result
    }

    pub async fn wait_until<R>(&self, mut take: impl FnMut(&mut T) -> Option<R>) -> R {
        let id = self.last_id.fetch_add(1, Relaxed);
        let _cleanup = OnDrop(|| {
            let removed = self.state().1.remove(&id);
            drop(removed);
        });
        poll_fn(|cx| {
            let mut state = self.state();
            let Some(taken) = take(&mut state.0) else {
                state.1.insert(id, cx.waker().clone());
                return Poll::Pending;
            };
            let next = state.1.pop_first();
            drop(state);
            if let Some((_, waker)) = next {
                waker.wake();
            }
            Poll::Ready(taken)
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, (T, BTreeMap<u64, Waker>)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
