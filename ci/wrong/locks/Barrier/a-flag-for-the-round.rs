//! Marks a round with a flag that flips: after two rounds the flag is what it was. Caught by `Barrier::a_poll_many_rounds_later_is_ready`, which says "a flag that flips".

pub struct Barrier {
    n: usize,
    state: Mutex<BarrierState>,
}

#[derive(Debug, Default)]
struct BarrierState {
    arrived: usize,
    flag: bool,
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
            if state.flag == round {
                state.arrived -= 1;
            }
        });
        poll_fn(|cx| {
            let mut state = self.state();
            if state.flag != round {
                return Poll::Ready(false);
            }
            state.waiters.set_waker(id, cx.waker());
            Poll::Pending
        })
        .await
    }

    fn arrive(&self) -> Option<(bool, u64)> {
        let mut state = self.state();
        state.arrived += 1;
        if state.arrived < self.n {
            return Some((state.flag, state.waiters.new_id()));
        }
        state.arrived = 0;
        state.flag = !state.flag;
        let wakers = state.waiters.take_all();
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        None
    }

    fn state(&self) -> MutexGuard<'_, BarrierState> {
        self.state.lock().expect("the lock is poisoned")
    }
}
