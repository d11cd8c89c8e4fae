//! Identifies a waiter by its place in a list, which changes when an earlier one is removed. Caught by `Latch::other_waiters_keep_their_wakers`, which says "Your answer panicked".

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
        let place = std::cell::Cell::new(None);
        let _cleanup = OnDrop(|| {
            let mut state = self.state.lock().unwrap();
            if let Some(place) = place.get()
                && place < state.1.len()
            {
                state.1.remove(place);
            }
        });
        poll_fn(|cx| {
            let mut state = self.state.lock().unwrap();
            if state.0 {
                return Poll::Ready(());
            }
            match place.get() {
                Some(place) => state.1[place] = cx.waker().clone(),
                None => {
                    place.set(Some(state.1.len()));
                    state.1.push(cx.waker().clone());
                }
            }
            Poll::Pending
        })
        .await
    }
}
