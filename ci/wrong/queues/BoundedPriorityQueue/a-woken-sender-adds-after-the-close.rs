//! A sender that was woken for a free slot adds its job even if the queue has been closed since. Caught by `BoundedPriorityQueue::every_call_returns_what_is_due`, which says "should return Err(".

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Poll, Waker};

#[derive(Debug)]
pub struct BoundedPriorityQueue {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    capacity: usize,
    jobs: Vec<(u8, u64, Job)>,
    number: u64,
    closed: bool,
    senders: VecDeque<(u64, Option<Waker>)>,
    receivers: VecDeque<(u64, Option<Waker>)>,
}

impl State {
    fn number(&mut self) -> u64 {
        self.number += 1;
        self.number
    }

    /// The wakers of those who can go on: as many senders as there are slots, as many receivers as jobs.
    fn ready(&mut self) -> Vec<Waker> {
        let slots = self.capacity - self.jobs.len();
        let mut ready = Vec::new();
        ready.extend(
            self.senders
                .iter_mut()
                .take(slots)
                .filter_map(|(_, waker)| waker.take()),
        );
        ready.extend(
            self.receivers
                .iter_mut()
                .take(self.jobs.len())
                .filter_map(|(_, waker)| waker.take()),
        );
        ready
    }
}

struct Waiting<'a> {
    queue: &'a BoundedPriorityQueue,
    number: Option<u64>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let Some(number) = self.number else { return };
        self.queue.change(|state| {
            state.senders.retain(|(other, _)| *other != number);
            state.receivers.retain(|(other, _)| *other != number);
        });
    }
}

impl BoundedPriorityQueue {
    pub fn new(capacity: usize) -> Self {
        Self {
            state: Mutex::new(State {
                capacity,
                ..State::default()
            }),
        }
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap();
        let result = change(&mut state);
        let ready = state.ready();
        drop(state);
        ready.into_iter().for_each(Waker::wake);
        result
    }

    pub async fn send(&self, priority: u8, job: Job) -> Result<(), Job> {
        let mut waiting = Waiting {
            queue: self,
            number: None,
        };
        poll_fn(|cx| {
            let number = &mut waiting.number;
            self.change(|state| {
                let granted = number.is_some_and(|number| {
                    let free = state.capacity - state.jobs.len();
                    state
                        .senders
                        .iter()
                        .take(free)
                        .any(|(other, _)| *other == number)
                });
                if state.closed && !granted {
                    return Poll::Ready(Err(job));
                }
                let number = *number.get_or_insert_with(|| {
                    let number = state.number();
                    state.senders.push_back((number, None));
                    number
                });
                let place = state
                    .senders
                    .iter()
                    .position(|(other, _)| *other == number)
                    .unwrap();
                if place >= state.capacity - state.jobs.len() {
                    state.senders[place].1 = Some(cx.waker().clone());
                    return Poll::Pending;
                }
                state.senders.remove(place);
                let arrival = state.number();
                state.jobs.push((priority, arrival, job));
                Poll::Ready(Ok(()))
            })
        })
        .await
    }

    pub async fn recv(&self) -> Option<Job> {
        let mut waiting = Waiting {
            queue: self,
            number: None,
        };
        poll_fn(|cx| {
            let number = &mut waiting.number;
            self.change(|state| {
                let best = (0..state.jobs.len())
                    .max_by_key(|i| (state.jobs[*i].0, Reverse(state.jobs[*i].1)));
                if best.is_none() && state.closed {
                    return Poll::Ready(None);
                }
                let number = *number.get_or_insert_with(|| {
                    let number = state.number();
                    state.receivers.push_back((number, None));
                    number
                });
                let place = state
                    .receivers
                    .iter()
                    .position(|(other, _)| *other == number)
                    .unwrap();
                match best {
                    Some(best) if place < state.jobs.len() || state.closed => {
                        state.receivers.remove(place);
                        Poll::Ready(Some(state.jobs.swap_remove(best).2))
                    }
                    _ => {
                        state.receivers[place].1 = Some(cx.waker().clone());
                        Poll::Pending
                    }
                }
            })
        })
        .await
    }

    pub fn close(&self) {
        let wakers: Vec<Waker> = {
            let mut state = self.state.lock().unwrap();
            state.closed = true;
            let State {
                senders, receivers, ..
            } = &mut *state;
            let waiting = senders.iter_mut().chain(receivers);
            waiting.filter_map(|(_, waker)| waker.take()).collect()
        };
        wakers.into_iter().for_each(|waker| waker.wake());
    }
}
