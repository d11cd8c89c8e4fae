//! A round is told by a flag that flips: after two rounds it is what it was. Caught by `Barrier::two_rounds_are_not_none`, which says "a flag that flips".

pub struct Barrier {
    n: usize,
    line: Mutex<Line>,
}

#[derive(Debug, Default)]
struct Line {
    here: usize,
    flag: bool,
    waiting: Waiting,
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
            if line.flag == round {
                line.here -= 1;
            }
        });
        poll_fn(|cx| {
            let mut line = self.line();
            if line.flag != round {
                return Poll::Ready(false);
            }
            line.waiting.keep(ticket, cx.waker());
            Poll::Pending
        })
        .await
    }

    fn arrive(&self) -> Option<(bool, u64)> {
        let mut line = self.line();
        line.here += 1;
        if line.here < self.n {
            return Some((line.flag, line.waiting.ticket()));
        }
        line.here = 0;
        line.flag = !line.flag;
        let wakers = line.waiting.take_all();
        drop(line);
        wakers.into_iter().for_each(Waker::wake);
        None
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().expect("nobody panics with the lock")
    }
}
