//! The waker of the first poll is kept for good. Caught by `Barrier::rings_the_latest_waker`, which says "the waker of the first poll was kept".

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
        let mut left = false;
        poll_fn(|cx| {
            let mut line = self.line();
            if line.rounds > round {
                return Poll::Ready(false);
            }
            if !left {
                line.waiting.keep(ticket, cx.waker());
                left = true;
            }
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
        drop(line);
        wakers.into_iter().for_each(Waker::wake);
        None
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().expect("nobody panics with the lock")
    }
}
