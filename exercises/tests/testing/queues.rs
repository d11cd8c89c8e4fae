//! Queues with a limit, right and wrong ones.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Context, Poll, Waker};

use exercises::testing::{Closed, Queue};

use super::*;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Right,
    LastFirst,
    Stack,
    NoLimit,
    OneMore,
    OneLess,
    PopStaysAsleep,
    PushStaysAsleep,
    CloseForgets,
    CloseLosesTheLast,
    EndsOnce,
    PushAfterClose,
    CloseLeavesPop,
    CloseLeavesPush,
    CloseWakesOne,
    ClosedPushAdds,
    DroppedPushAdds,
    DroppedPopTakes,
    WokenPopTakes,
    WaitsLonger,
}

pub(super) struct Fake {
    kind: Kind,
    limit: usize,
    case: Case,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    items: VecDeque<u32>,
    is_closed: bool,
    has_ended: bool,
    wakers: Vec<Waker>,
    pushes: Waiting,
    pops: Waiting,
    /// Items of calls that were dropped.
    dropped: VecDeque<u32>,
    /// How many of the next items are lost.
    taken: usize,
}

/// The calls that wait, in the order in which they began to.
#[derive(Default)]
struct Waiting {
    calls: Vec<u64>,
    count: u64,
    /// The call that went on when the queue was closed.
    released: Option<u64>,
}

/// A call that may wait. It waits no more when it is dropped.
struct Call<'a> {
    queue: &'a Fake,
    waiting: fn(&mut State) -> &mut Waiting,
    id: Option<u64>,
    is_pop: bool,
    /// What a push adds.
    item: Option<u32>,
}

impl Fake {
    pub(super) fn new(kind: Kind, capacity: usize, case: &Case) -> Self {
        let limit = match kind {
            Kind::NoLimit => usize::MAX,
            Kind::OneMore => capacity + 1,
            Kind::OneLess => (capacity - 1).max(1),
            _ => capacity,
        };
        Self {
            kind,
            limit,
            case: case.clone(),
            state: RefCell::default(),
        }
    }

    fn poll_push(
        &self,
        call: &mut Call<'_>,
        item: u32,
        cx: &Context<'_>,
    ) -> Poll<Result<(), Closed>> {
        let waited = call.id.is_some();
        let mut state = self.state.borrow_mut();
        if state.is_closed && self.kind != Kind::PushAfterClose {
            let is_left = self.kind == Kind::CloseWakesOne && state.pushes.released != call.id;
            if waited && (is_left || self.kind == Kind::CloseLeavesPush) {
                return Poll::Pending;
            }
            if waited && self.kind == Kind::ClosedPushAdds {
                state.items.push_back(item);
            }
            call.item = None;
            return Poll::Ready(Err(Closed));
        }
        let stays = waited && self.kind == Kind::PushStaysAsleep;
        if state.items.len() < self.limit && !stays && call.may_go(&mut state) {
            call.item = None;
            if state.taken > 0 {
                state.taken -= 1;
            } else {
                state.items.push_back(item);
            }
            state.wake();
            return Poll::Ready(Ok(()));
        }
        call.wait(&mut state, cx)
    }

    fn poll_pop(&self, call: &mut Call<'_>, cx: &Context<'_>) -> Poll<Option<u32>> {
        let waited = call.id.is_some();
        let mut state = self.state.borrow_mut();
        let stays = waited && !state.is_closed && self.kind == Kind::PopStaysAsleep;
        if !stays && call.may_go(&mut state) {
            let item = match self.kind {
                Kind::Stack => state.items.pop_back(),
                _ => state.items.pop_front(),
            };
            if item.is_some() {
                let dropped = state.dropped.pop_front();
                state.items.extend(dropped);
                call.end(&mut state);
                state.wake();
                return Poll::Ready(item);
            }
        }
        let is_left = self.kind == Kind::CloseWakesOne && state.pops.released != call.id;
        let leaves = waited && (is_left || self.kind == Kind::CloseLeavesPop) || state.has_ended;
        if state.is_closed && state.items.is_empty() && !leaves {
            state.has_ended = self.kind == Kind::EndsOnce;
            call.end(&mut state);
            return Poll::Ready(None);
        }
        call.wait(&mut state, cx)
    }
}

impl Queue for Fake {
    async fn push(&self, item: u32) -> Result<(), Closed> {
        self.case.turns().await;
        let mut call = Call {
            queue: self,
            waiting: |state| &mut state.pushes,
            id: None,
            is_pop: false,
            item: Some(item),
        };
        let pushed = poll_fn(|cx| self.poll_push(&mut call, item, cx)).await;
        if call.id.is_some() && self.kind == Kind::WaitsLonger {
            tokio::time::sleep(ms(1)).await;
        }
        pushed
    }

    async fn pop(&self) -> Option<u32> {
        self.case.turns().await;
        let mut call = Call {
            queue: self,
            waiting: |state| &mut state.pops,
            id: None,
            is_pop: true,
            item: None,
        };
        poll_fn(|cx| self.poll_pop(&mut call, cx)).await
    }

    fn close(&self) {
        let mut state = self.state.borrow_mut();
        state.is_closed = true;
        match self.kind {
            Kind::CloseForgets => state.items.clear(),
            Kind::CloseLosesTheLast => drop(state.items.pop_back()),
            _ => {}
        }
        state.pushes.release();
        state.pops.release();
        state.wake();
    }
}

impl State {
    fn wake(&mut self) {
        self.wakers.drain(..).for_each(Waker::wake);
    }
}

impl Waiting {
    fn release(&mut self) {
        self.released = self.calls.first().copied();
    }
}

impl Call<'_> {
    /// Whether it is this call's turn.
    fn may_go(&self, state: &mut State) -> bool {
        let last = (self.waiting)(state).calls.last().copied();
        self.queue.kind != Kind::LastFirst || last.is_none() || last == self.id
    }

    fn wait<T>(&mut self, state: &mut State, cx: &Context<'_>) -> Poll<T> {
        if self.id.is_none() {
            let waiting = (self.waiting)(state);
            self.id = Some(waiting.count);
            waiting.calls.push(waiting.count);
            waiting.count += 1;
        }
        state.wakers.push(cx.waker().clone());
        Poll::Pending
    }

    /// It has returned, or is dropped.
    fn end(&mut self, state: &mut State) {
        if let Some(id) = self.id.take() {
            (self.waiting)(state).calls.retain(|other| *other != id);
        }
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        let mut state = self.queue.state.borrow_mut();
        match self.queue.kind {
            Kind::DroppedPushAdds if self.id.is_some() => state.dropped.extend(self.item),
            Kind::DroppedPopTakes if self.id.is_some() && self.is_pop => state.taken = 1,
            Kind::WokenPopTakes if self.id.is_some() && self.is_pop => {
                state.items.pop_front();
            }
            _ => {}
        }
        self.end(&mut state);
        // If it was this call's turn, it is another one's now.
        state.wake();
    }
}
