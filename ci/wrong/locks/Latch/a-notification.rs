//! Opening wakes the current waiters and is not remembered: a later caller waits for the next time. Caught by `Latch::an_open_latch_is_ready_at_once`, which says "is not remembered".

pub struct Latch {
    state: Mutex<(u64, Waiters)>,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            state: Mutex::new((0, Waiters::default())),
        }
    }

    pub fn open(&self) {
        let mut state = self.state.lock().unwrap();
        state.0 += 1;
        let wakers = state.1.take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    pub async fn wait(&self) {
        let (seen, id) = {
            let mut state = self.state.lock().unwrap();
            (state.0, state.1.new_id())
        };
        poll_fn(|cx| {
            let mut state = self.state.lock().unwrap();
            if state.0 > seen {
                return Poll::Ready(());
            }
            state.1.set_waker(id, cx.waker());
            Poll::Pending
        })
        .await
    }
}
