//! Arrives when `wait` is called, and not when its future is polled. Caught by `Barrier::arrives_at_its_first_poll`, which says "where it is created".

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

    pub fn wait(&self) -> impl Future<Output = bool> {
        let arrived = self.arrive();
        async move {
            let Some((round, id)) = arrived else {
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
