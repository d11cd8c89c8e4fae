//! Keeps the wakers in 64 slots, and a waiter that finds its slot taken replaces the waker in it. Caught by `Condition::a_change_wakes_every_waiter`, which says "only some of the wakers are called".

pub struct Condition<T> {
    state: Mutex<(T, Slots)>,
}

#[derive(Default)]
struct Slots {
    last_id: usize,
    wakers: BTreeMap<usize, Waker>,
}

impl Slots {
    fn take_all(&mut self) -> Vec<Waker> {
        std::mem::take(&mut self.wakers).into_values().collect()
    }
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            state: Mutex::new((value, Slots::default())),
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
        let slot = {
            let slots = &mut self.state().1;
            slots.last_id += 1;
            slots.last_id % 64
        };
        let _cleanup = OnDrop(|| {
            self.state().1.wakers.remove(&slot);
        });
        poll_fn(|cx| {
            let mut state = self.state();
            let (value, waiters) = &mut *state;
            let Some(taken) = take(value) else {
                waiters.wakers.insert(slot, cx.waker().clone());
                return Poll::Pending;
            };
            let wakers = waiters.take_all();
            drop(state);
            wakers.into_iter().for_each(Waker::wake);
            Poll::Ready(taken)
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, (T, Slots)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
