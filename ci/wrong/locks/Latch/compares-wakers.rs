//! Identifies waiters by their wakers. Caught by `Latch::other_waiters_keep_their_wakers`, which says "identified with `will_wake`".

pub struct Latch {
    state: Mutex<(bool, Vec<Waker>)>,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            state: Mutex::new((false, Vec::new())),
        }
    }

    pub fn open(&self) {
        let mut state = self.state.lock().unwrap();
        state.0 = true;
        let wakers = std::mem::take(&mut state.1);
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    pub async fn wait(&self) {
        let registered = std::cell::RefCell::new(None::<Waker>);
        let unregister = || {
            if let Some(registered) = registered.take() {
                let mut state = self.state.lock().unwrap();
                state.1.retain(|waker| !waker.will_wake(&registered));
            }
        };
        let _cleanup = OnDrop(unregister);
        poll_fn(|cx| {
            unregister();
            let mut state = self.state.lock().unwrap();
            if state.0 {
                return Poll::Ready(());
            }
            state.1.push(cx.waker().clone());
            registered.replace(Some(cx.waker().clone()));
            Poll::Pending
        })
        .await
    }
}
