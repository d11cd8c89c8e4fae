//! The wakers are used while the lock is held, and whoever is woken wants it. Caught by `Barrier::wakes_when_its_lock_is_free`, which says "woken while the lock is held".

pub struct Barrier {
    n: usize,
    line: Mutex<Line>,
}

impl Barrier {
    pub fn new(n: usize) -> Self {
        Self {
            n: n.max(1),
            line: Mutex::default(),
        }
    }

    pub async fn wait(&self) -> bool {
        let Some((round, ticket)) = self.arrive() else {
            return true;
        };
        let _leave = OnDrop(|| {
            let mut line = self.line();
            line.waiting.forget(ticket);
            if line.rounds == round {
                line.here -= 1;
            }
        });
        poll_fn(|cx| {
            let mut line = self.line();
            if line.rounds > round {
                return Poll::Ready(false);
            }
            line.waiting.keep(ticket, cx.waker());
            Poll::Pending
        })
        .await
    }

    fn arrive(&self) -> Option<(u64, u64)> {
        let mut line = self.line();
        line.here += 1;
        if line.here < self.n {
            return Some((line.rounds, line.waiting.ticket()));
        }
        line.here = 0;
        line.rounds += 1;
        let wakers = line.waiting.take_all();
        wakers.into_iter().for_each(Waker::wake);
        None
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().expect("nobody panics with the lock")
    }
}
