//! Calls the wakers while the lock is held, and a woken task needs that lock. Caught by `Barrier::wakes_without_holding_the_lock`, which says "a task is woken while the lock is held".

pub struct Barrier {
    n: usize,
    state: Mutex<BarrierState>,
}

impl Barrier {
    pub fn new(n: usize) -> Self {
        Self {
            n: n.max(1),
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
        if state.arrived < self.n {
            return Some((state.rounds, state.waiters.new_id()));
        }
        state.arrived = 0;
        state.rounds += 1;
        let wakers = state.waiters.take_all();
        wakers.into_iter().for_each(Waker::wake);
        None
    }

    fn state(&self) -> MutexGuard<'_, BarrierState> {
        self.state.lock().expect("the lock is poisoned")
    }
}
