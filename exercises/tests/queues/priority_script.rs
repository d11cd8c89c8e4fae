//! Calls of a `BoundedPriorityQueue` that are made, polled and dropped one step at a time, next to a model of the queue.

use std::rc::Rc;

use super::*;
use exercises::queues::BoundedPriorityQueue;
use grading::{Case, with_budget};

/// More polls than the calls of a script need until all of them wait.
const MANY_POLLS: usize = 1000;

/// What a call returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Returned {
    Sent(Result<(), Job>),
    Received(Option<Job>),
}

#[derive(Debug, Clone, Copy)]
enum Call {
    Send(u8, u32),
    Recv,
}

/// A call that has been polled and was not ready.
struct Pending {
    name: String,
    call: Call,
    future: Pin<Box<dyn Future<Output = Returned>>>,
    waker: TestWaker,
    /// How often it was woken before its latest poll.
    seen: usize,
}

impl Pending {
    fn is_woken(&self) -> bool {
        self.waker.wake_count() > self.seen
    }
}

pub(super) struct Script {
    queue: Rc<BoundedPriorityQueue>,
    capacity: usize,
    closed: bool,
    /// Priority and number of the jobs in the queue, in the order in which they were added
    jobs: Vec<(u8, u32)>,
    /// In the order of the calls
    pending: Vec<Pending>,
    calls: u32,
    /// What was done, and how each call ended
    log: Vec<String>,
}

impl Script {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            queue: Rc::new(BoundedPriorityQueue::new(capacity)),
            capacity,
            closed: false,
            jobs: Vec::new(),
            pending: Vec::new(),
            calls: 0,
            log: Vec::new(),
        }
    }

    /// Makes a call, polls or drops one, or closes the queue, as `case` decides.
    pub(super) async fn step(&mut self, case: &Case) {
        // Each step makes as many choices, so that a case is reduced by leaving steps out.
        let (what, which) = (case.below(12), case.below(24) as usize);
        let budget = case.below(24) as usize;
        // Mostly all of it. Sometimes hardly any: then each of tokio's futures may be pending.
        let budget = (budget >= 20).then(|| budget - 20);
        let woken: Vec<_> = self.woken().collect();
        match what {
            1..=4 => {
                let priority = [7, 7, 7, 127, 128, 255][which % 6];
                self.make(Call::Send(priority, self.calls), None).await;
            }
            5 | 6 => self.make(Call::Recv, budget).await,
            7 | 8 if !woken.is_empty() => {
                let place = woken[which % woken.len()];
                let call = self.pending.remove(place);
                self.poll(call, place, budget).await;
            }
            9 if !self.pending.is_empty() => {
                let dropped = self.pending.remove(which % self.pending.len());
                let woken = match dropped.is_woken() {
                    true => ", which was woken,",
                    false => "",
                };
                self.log.push(format!("{}{woken} is dropped", dropped.name));
            }
            10 if which > 16 => {
                self.log.push("the queue is closed".to_owned());
                self.closed = true;
                self.queue.close();
            }
            11 => self.settle().await,
            _ => {}
        }
    }

    /// Polls all calls that are woken, until none is. Then no call waits for what is there.
    pub(super) async fn settle(&mut self) {
        for _ in 0..MANY_POLLS {
            let Some(place) = self.woken().next() else {
                return self.check_nothing_waits_in_vain();
            };
            let call = self.pending.remove(place);
            self.poll(call, place, None).await;
        }
        check(false, || {
            self.failure(
                "All calls should wait until something changes; some are woken again and again",
            )
            .read("futures-pitfalls.html#a-busy-loop-the-future-that-wakes-itself")
        });
    }

    fn woken(&self) -> impl Iterator<Item = usize> {
        let places = self.pending.iter().enumerate();
        places.filter_map(|(place, call)| call.is_woken().then_some(place))
    }

    async fn make(&mut self, call: Call, budget: Option<usize>) {
        self.calls += 1;
        let queue = Rc::clone(&self.queue);
        let (name, future): (_, Pin<Box<dyn Future<Output = Returned>>>) = match call {
            Call::Send(priority, number) => (
                format!("`send({priority}, Job({number}))`"),
                Box::pin(async move { Returned::Sent(queue.send(priority, Job(number)).await) }),
            ),
            Call::Recv => (
                format!("`recv()` number {}", self.calls),
                Box::pin(async move { Returned::Received(queue.recv().await) }),
            ),
        };
        let pending = Pending {
            name,
            call,
            future,
            waker: TestWaker::new(),
            seen: 0,
        };
        let last = self.pending.len();
        self.poll(pending, last, budget).await;
    }

    /// Polls a call, which was at this place among those that are pending.
    async fn poll(&mut self, mut call: Pending, place: usize, budget: Option<usize>) {
        call.seen = call.waker.wake_count();
        let polled = match budget {
            Some(left) => with_budget(left, || call.waker.poll(call.future.as_mut())).await,
            None => call.waker.poll(call.future.as_mut()),
        };
        // The next poll has a whole budget, and what was pending because there was none is woken.
        tokio::task::yield_now().await;
        let (due, may_wait) = self.due(&call, place);
        let name = &call.name;
        let Poll::Ready(returned) = polled else {
            self.log.push(match budget {
                Some(left) => format!("{name} waits (with {left} left of the budget)"),
                None => format!("{name} waits"),
            });
            // Another call that was woken may have to be polled first, to release what it was given.
            let may_wait = may_wait || self.woken().next().is_some();
            let is_out_of_budget = budget.is_some() && call.is_woken();
            check(due.is_none() || may_wait || is_out_of_budget, || {
                self.failure(&format!(
                    "{name} should return {}",
                    due.map_or_else(String::new, shown)
                ))
                .read("queues-exercises.html#boundedpriorityqueue")
            });
            self.pending.insert(place, call);
            return;
        };
        self.log.push(format!("{name} returns {}", shown(returned)));
        check(due == Some(returned), || {
            self.failure(&match due {
                Some(due) => format!("{name} should return {}", shown(due)),
                None => format!("{name} should wait"),
            })
            .read("queues-exercises.html#boundedpriorityqueue")
        });
        match (call.call, returned) {
            (Call::Send(priority, number), Returned::Sent(Ok(()))) => {
                self.jobs.push((priority, number));
            }
            (Call::Recv, Returned::Received(Some(Job(number)))) => {
                self.jobs.retain(|(_, other)| *other != number);
            }
            _ => {}
        }
    }

    /// What a call returns that is polled now, if it does not wait, and whether it may wait all the same: because the
    /// jobs that are there are for other calls.
    fn due(&self, call: &Pending, place: usize) -> (Option<Returned>, bool) {
        match call.call {
            Call::Send(_, number) if self.closed => (Some(Returned::Sent(Err(Job(number)))), false),
            Call::Send(..) => {
                let before = self.pending[..place].iter();
                let before = before.filter(|call| matches!(call.call, Call::Send(..)));
                let is_next = before.count() + self.jobs.len() < self.capacity;
                (is_next.then_some(Returned::Sent(Ok(()))), false)
            }
            Call::Recv => {
                let others = self.pending.iter();
                let others = others.filter(|call| matches!(call.call, Call::Recv));
                let may_wait = !self.closed && others.count() >= self.jobs.len();
                let job = self.highest().map(|(_, number)| Job(number));
                let due = (job.is_some() || self.closed).then_some(Returned::Received(job));
                (due, may_wait)
            }
        }
    }

    fn highest(&self) -> Option<(u8, u32)> {
        // Of several equal ones, `max_by_key` returns the last.
        let latest_first = self.jobs.iter().rev().copied();
        latest_first.max_by_key(|(priority, _)| *priority)
    }

    fn check_nothing_waits_in_vain(&self) {
        let waiting = |is_send: bool| {
            let mut calls = self.pending.iter();
            calls.find(|call| matches!(call.call, Call::Send(..)) == is_send)
        };
        let free = self.capacity - self.jobs.len();
        let in_vain = [
            waiting(true).filter(|_| free > 0 || self.closed),
            waiting(false).filter(|_| !self.jobs.is_empty() || self.closed),
        ];
        let Some(call) = in_vain.into_iter().flatten().next() else {
            return;
        };
        check(false, || {
            self.failure(&format!(
                "Then all calls that were woken were polled. {} should have returned, because {}; it was not woken",
                call.name,
                match call.call {
                    _ if self.closed => "the queue is closed".to_owned(),
                    Call::Send(..) => format!("the number of free slots is {free}"),
                    Call::Recv => format!("the number of jobs in the queue is {}", self.jobs.len()),
                }
            ))
            .read(BUILD)
        });
    }

    fn failure(&self, wrong: &str) -> Failure {
        Failure::new(format!(
            "A queue with a capacity of {}: {}. {wrong}.",
            self.capacity,
            self.log.join("; ")
        ))
    }
}

fn shown(returned: Returned) -> String {
    match returned {
        Returned::Sent(result) => format!("{result:?}"),
        Returned::Received(job) => format!("{job:?}"),
    }
}
