//! Replaces the stored waker when the new one is not that of the first poll. Caught by `Condition::wakes_the_latest_waker`, which says "compares its waker with that of the first poll".

#[derive(Debug, Default)]
pub struct Waiters {
    last_id: u64,
    wakers: BTreeMap<u64, Waker>,
}

impl Waiters {
    pub fn new_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    pub fn has(&self, id: u64) -> bool {
        self.wakers.contains_key(&id)
    }

    pub fn set_waker(&mut self, id: u64, waker: &Waker) {
        self.wakers.insert(id, waker.clone());
    }

    pub fn remove(&mut self, id: u64) {
        self.wakers.remove(&id);
    }

    pub fn take_all(&mut self) -> Vec<Waker> {
        std::mem::take(&mut self.wakers).into_values().collect()
    }
}

pub struct Condition<T> {
    state: Mutex<(T, Waiters)>,
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            state: Mutex::new((value, Waiters::default())),
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
        let _cleanup = OnDrop(|| self.state().1.remove(id));
        let mut first: Option<Waker> = None;
        poll_fn(|cx| {
            let mut state = self.state();
            let (value, waiters) = &mut *state;
            let Some(taken) = take(value) else {
                let is_first = first.as_ref().is_some_and(|first| first.will_wake(cx.waker()));
                if !(is_first && waiters.has(id)) {
                    waiters.set_waker(id, cx.waker());
                    first.get_or_insert_with(|| cx.waker().clone());
                }
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
