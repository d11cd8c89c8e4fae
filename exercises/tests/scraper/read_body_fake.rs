//! A body that records what is done to it.

use std::collections::VecDeque;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures::Stream;
use tokio::task::coop::consume_budget;
use tokio::time::{Sleep, sleep};
use tokio_util::bytes::Bytes;

use super::super::lock;
use super::model::Plan;

/// What was done to a body. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Seen(pub(super) Arc<Mutex<Counts>>);

#[derive(Default)]
pub(super) struct Counts {
    pub(super) polls: usize,
    pub(super) taken: usize,
    pub(super) polls_after_the_end: usize,
    /// Polls of the answer that were pending although its result was known.
    pub(super) late: usize,
    pub(super) dropped: bool,
    /// Chunks without bytes that exist, and the most of them that did at the same time.
    pub(super) empty: usize,
    pub(super) most_empty: usize,
}

/// What a chunk without bytes owns.
struct Empty(Seen);

impl AsRef<[u8]> for Empty {
    fn as_ref(&self) -> &[u8] {
        &[]
    }
}

impl Drop for Empty {
    fn drop(&mut self) {
        lock(&self.0.0).empty -= 1;
    }
}

/// A body, of which each item arrives some time after it was asked for.
pub(super) struct Body {
    items: VecDeque<(Duration, Result<usize, u32>)>,
    wait: Option<Pin<Box<Sleep>>>,
    ended: bool,
    /// With how many items the result is known.
    known: usize,
    next_byte: u8,
    seen: Seen,
}

impl Body {
    pub(super) fn new(plan: &Plan) -> (Self, Seen) {
        let seen = Seen::default();
        let body = Self {
            items: plan.items.clone().into(),
            wait: None,
            ended: false,
            known: plan.outcome(None).taken,
            next_byte: 0,
            seen: seen.clone(),
        };
        (body, seen)
    }
}

impl Stream for Body {
    type Item = Result<Bytes, u32>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        lock(&self.seen.0).polls += 1;
        if self.ended {
            lock(&self.seen.0).polls_after_the_end += 1;
            return Poll::Ready(None);
        }
        let time = self.items.front().map_or(Duration::ZERO, |item| item.0);
        if !time.is_zero() {
            let wait = self.wait.get_or_insert_with(|| Box::pin(sleep(time)));
            ready!(wait.as_mut().poll(cx));
            self.wait = None;
        }
        let item = self.items.pop_front().map(|(_, item)| item);
        self.ended = !matches!(item, Some(Ok(_)));
        let taken = {
            let mut seen = lock(&self.seen.0);
            seen.taken += 1;
            seen.taken
        };
        if taken == self.known {
            spend_budget(cx);
        }
        Poll::Ready(item.map(|item| item.map(|size| self.bytes(size))))
    }
}

/// Uses up what is left of tokio's budget, as a socket with much to read does.
fn spend_budget(cx: &mut Context<'_>) {
    let mut left = 200;
    while left > 0 && pin!(consume_budget()).poll(cx).is_ready() {
        left -= 1;
    }
}

impl Body {
    fn bytes(&mut self, size: usize) -> Bytes {
        if size == 0 {
            let mut seen = lock(&self.seen.0);
            seen.empty += 1;
            seen.most_empty = seen.most_empty.max(seen.empty);
            return Bytes::from_owner(Empty(self.seen.clone()));
        }
        let first = self.next_byte;
        let bytes: Vec<u8> = (0..size).map(|n| first.wrapping_add(n as u8)).collect();
        self.next_byte = first.wrapping_add(size as u8);
        Bytes::from(bytes)
    }
}

impl Drop for Body {
    fn drop(&mut self) {
        lock(&self.seen.0).dropped = true;
    }
}
