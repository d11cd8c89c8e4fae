//! The waker of the first poll is kept. Caught by `HostLimiter::keeps_both_limits_at_once`, which says "the waker of the latest poll counts".

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

pub struct HostLimiter {
    limit: usize,
    gap: Duration,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    tickets: u64,
    hosts: HashMap<String, HostState>,
}

#[derive(Default)]
struct HostState {
    line: VecDeque<(u64, Waker)>,
    running: usize,
    last: Option<Instant>,
}

impl HostState {
    fn head(&self) -> Option<Waker> {
        self.line.front().map(|(_, waker)| waker.clone())
    }
}

enum Stage {
    New,
    Waiting(u64),
    Running,
}

struct Call<'a> {
    limiter: &'a HostLimiter,
    host: &'a str,
    stage: Stage,
    alarm: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Call<'_> {
    fn poll_start(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let next;
        loop {
            let due;
            {
                let mut table = self.limiter.table.lock().unwrap();
                let table = &mut *table;
                let state = table.hosts.entry(self.host.to_owned()).or_default();
                let ticket = match self.stage {
                    Stage::New => {
                        table.tickets += 1;
                        state.line.push_back((table.tickets, cx.waker().clone()));
                        self.stage = Stage::Waiting(table.tickets);
                        table.tickets
                    }
                    Stage::Waiting(ticket) => ticket,
                    Stage::Running => return Poll::Ready(()),
                };
                let mine = state.line.iter_mut().find(|(other, _)| *other == ticket);
                mine.expect("a call that waits is in the line");
                let first = state
                    .line
                    .front()
                    .is_some_and(|(other, _)| *other == ticket);
                if !first || state.running >= self.limiter.limit {
                    return Poll::Pending;
                }
                let now = Instant::now();
                due = state.last.map(|last| last + self.limiter.gap);
                if due.is_none_or(|due| due <= now) {
                    state.line.pop_front();
                    state.running += 1;
                    state.last = Some(now);
                    self.stage = Stage::Running;
                    next = state.head();
                    break;
                }
            }
            let due = due.expect("without one, the call has started");
            let alarm = self
                .alarm
                .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(due)));
            if alarm.deadline() != due {
                alarm.as_mut().reset(due);
            }
            if alarm.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
        if let Some(next) = next {
            next.wake();
        }
        Poll::Ready(())
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let next = {
            let mut table = self.limiter.table.lock().unwrap();
            let Some(state) = table.hosts.get_mut(self.host) else {
                return;
            };
            match self.stage {
                Stage::New => None,
                Stage::Waiting(ticket) => {
                    state.line.retain(|(other, _)| *other != ticket);
                    state.head()
                }
                Stage::Running => {
                    state.running -= 1;
                    state.head()
                }
            }
        };
        if let Some(next) = next {
            next.wake();
        }
    }
}

impl HostLimiter {
    pub fn new(limit: NonZeroUsize, gap: Duration) -> Self {
        HostLimiter {
            limit: limit.get(),
            gap,
            table: Mutex::default(),
        }
    }

    pub async fn run<F: Future>(&self, host: &str, request: F) -> F::Output {
        let mut call = Call {
            limiter: self,
            host,
            stage: Stage::New,
            alarm: None,
        };
        let request = pin!(request);
        std::future::poll_fn(|cx| call.poll_start(cx)).await;
        request.await
    }

    pub fn hosts(&self) -> usize {
        let now = Instant::now();
        let mut table = self.table.lock().unwrap();
        table.hosts.retain(|_, state| {
            !state.line.is_empty()
                || state.running > 0
                || state.last.is_some_and(|last| now < last + self.gap)
        });
        table.hosts.len()
    }
}
