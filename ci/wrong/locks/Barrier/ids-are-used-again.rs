//! The ids of waiters begin again in each round, so a future of an earlier round removes the waker of another one. Caught by `Barrier::an_earlier_round_takes_no_waker_along`, which says "ids are used again".

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
        let wakers = std::mem::take(&mut state.waiters).take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        None
    }

    fn state(&self) -> MutexGuard<'_, BarrierState> {
        self.state.lock().expect("the lock is poisoned")
    }
}
