//! Numbers the waiters with one byte, and after 256 of them a waiter replaces the waker of another. Caught by `Latch::opening_wakes_every_waiter`, which says "only some of the wakers are called".

pub struct Latch {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: bool,
    last_id: u8,
    wakers: HashMap<u8, Waker>,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            state: Mutex::default(),
        }
    }

    pub fn open(&self) {
        let mut state = self.state.lock().unwrap();
        state.open = true;
        let wakers = std::mem::take(&mut state.wakers);
        drop(state);
        wakers.into_values().for_each(Waker::wake);
    }

    pub async fn wait(&self) {
        let id = {
            let mut state = self.state.lock().unwrap();
            state.last_id = state.last_id.wrapping_add(1);
            state.last_id
        };
        let _cleanup = OnDrop(|| {
            self.state.lock().unwrap().wakers.remove(&id);
        });
        poll_fn(|cx| {
            let mut state = self.state.lock().unwrap();
            if state.open {
                return Poll::Ready(());
            }
            state.wakers.insert(id, cx.waker().clone());
            Poll::Pending
        })
        .await
    }
}
