//! A dropped future looks at its round under one lock and is subtracted under another. Caught by `Barrier::a_dropped_waiter_is_subtracted_from_its_own_round_in_every_interleaving`, which says "under one lock".

pub struct Barrier {
    n: usize,
    state: Mutex<BarrierState>,
}

#[derive(Default)]
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
        let Some((round, id)) = self.arrive() else {
            return true;
        };
        let _cleanup = OnDrop(|| {
            let is_its_round = {
                let mut state = self.state();
                state.waiters.remove(id);
                state.rounds == round
            };
            if is_its_round {
                let mut state = self.state();
                state.arrived = state.arrived.saturating_sub(1);
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
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        None
    }

    fn state(&self) -> MutexGuard<'_, BarrierState> {
        self.state.lock().expect("the lock is poisoned")
    }
}
