//! Reads the round under one lock and arrives under another: in between the round may end, and then the call does not wait. Caught by `Barrier::a_third_caller_waits_in_every_interleaving`, which says "under one lock".

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
        let round = self.state().rounds;
        let mut state = self.state();
        state.arrived += 1;
        if state.arrived < self.n {
            return Some((round, state.waiters.new_id()));
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
