//! A barrier for 0 waits until the count is 0, which it never is. Caught by `Barrier::a_barrier_for_one_never_waits`, which says "a count of 0, which no arrival leaves".

pub struct Barrier {
    n: usize,
    state: Mutex<BarrierState>,
}

impl Barrier {
    pub fn new(n: usize) -> Self {
        Self {
            n,
            state: Mutex::default(),
        }
    }

    pub async fn wait(&self) -> bool {
        let Some((round, id)) = self.arrive() else {
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

    fn arrive(&self) -> Option<(u64, u64)> {
        let mut state = self.state();
        state.arrived += 1;
        if state.arrived != self.n {
            return Some((state.rounds, state.waiters.new_id()));
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
