//! Nobody may take who is not the first in the line, whatever they wait for. Caught by `Condition::whoever_finds_theirs_takes_it`, which says "that who came first is served first".

pub struct Condition<T> {
    state: Mutex<(T, Waiting)>,
    line: Mutex<Vec<u64>>,
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            state: Mutex::new((value, Waiting::default())),
            line: Mutex::default(),
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
        self.line.lock().unwrap().push(ticket);
        let _leave = OnDrop(|| {
            self.state().1.forget(ticket);
            self.line.lock().unwrap().retain(|other| *other != ticket);
        });
        poll_fn(|cx| {
            let mut state = self.state();
            let (value, waiting) = &mut *state;
            let is_first = self.line.lock().unwrap().first() == Some(&ticket);
            let taken = if is_first { take(value) } else { None };
            let Some(taken) = taken else {
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
