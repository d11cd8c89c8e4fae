//! Counts the rounds in one byte, so after 256 rounds the mark of a round is used again. Caught by `Barrier::a_poll_many_rounds_later_is_ready`, which says "one byte after 256".

pub struct Barrier {
    n: usize,
    state: Mutex<BarrierState>,
}

#[derive(Default)]
struct BarrierState {
    arrived: usize,
    round: u8,
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
            if state.round == round {
                state.arrived = state.arrived.saturating_sub(1);
            }
        });
        poll_fn(|cx| {
            let mut state = self.state();
            if state.round != round {
                return Poll::Ready(false);
            }
            state.waiters.set_waker(id, cx.waker());
            Poll::Pending
        })
        .await
    }

    fn arrive(&self) -> Option<(u8, u64)> {
        let mut state = self.state();
        state.arrived += 1;
        if state.arrived < self.n {
            return Some((state.round, state.waiters.new_id()));
        }
        state.arrived = 0;
        state.round = state.round.wrapping_add(1);
        let wakers = state.waiters.take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        None
    }

    fn state(&self) -> MutexGuard<'_, BarrierState> {
        self.state.lock().unwrap()
    }
}
