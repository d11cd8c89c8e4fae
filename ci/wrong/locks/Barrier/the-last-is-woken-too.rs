//! Stores the waker of the last to arrive, and wakes it together with the others. Caught by `Barrier::the_last_is_not_woken`, which says "before it knows whether it has to wait".

#[derive(Debug)]
pub struct Barrier {
    n: usize,
    state: Mutex<BarrierState>,
}

#[derive(Debug, Default)]
struct BarrierState {
    arrived: usize,
    rounds: u64,
    waiters: Waiters,
}

impl Barrier {
    pub fn new(n: usize) -> Self {
        Self {
            n: n.max(1),
            state: Mutex::default(),
        }
    }

    pub async fn wait(&self) -> bool {
        let waker = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
        let Some((round, id)) = self.arrive(&waker) else {
            return true;
        };
        let _cleanup = OnDrop(|| {
            let mut state = self.state();
            state.waiters.remove(id);
            if state.rounds == round {
                state.arrived -= 1;
            }
        });
        poll_fn(|cx| {
            let mut state = self.state();
            if state.rounds > round {
                return Poll::Ready(false);
            }
            state.waiters.set_waker(id, cx.waker());
            Poll::Pending
        })
        .await
    }

    fn arrive(&self, waker: &Waker) -> Option<(u64, u64)> {
        let mut state = self.state();
        let id = state.waiters.new_id();
        state.waiters.set_waker(id, waker);
        state.arrived += 1;
        if state.arrived < self.n {
            return Some((state.rounds, id));
        }
        state.arrived = 0;
        state.rounds += 1;
        let wakers = state.waiters.take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        None
    }

    fn state(&self) -> MutexGuard<'_, BarrierState> {
        self.state.lock().expect("the lock is poisoned")
    }
}
