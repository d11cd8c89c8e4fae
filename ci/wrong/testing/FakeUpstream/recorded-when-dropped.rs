//! The end is recorded when the future is dropped. Caught by `FakeUpstream::replies_at_its_instant_however_late_it_is_polled`, which says "recorded when the future is dropped".

use std::pin::Pin;
use std::task::{Context, Poll, ready};

struct Fetch<'a> {
    calls: &'a RefCell<Vec<Call>>,
    index: usize,
    key: u32,
    script: &'a RefCell<VecDeque<Reply>>,
    reply: Option<Reply>,
    sleep: Option<Pin<Box<tokio::time::Sleep>>>,
    has_replied: bool,
}

impl Future for Fetch<'_> {
    type Output = Result<String, Refused>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(sleep) = &mut self.sleep else {
            let reply = self.script.borrow_mut().pop_front();
            let key = self.key;
            let reply = reply.unwrap_or_else(|| panic!("no reply left for key {key}"));
            let began = Instant::now();
            self.index = self.calls.borrow().len();
            let end = End::Pending;
            self.calls.borrow_mut().push(Call { key, began, end });
            self.sleep = Some(Box::pin(sleep_until(began + reply.latency)));
            self.reply = Some(reply);
            cx.waker().wake_by_ref();
            return Poll::Pending;
        };
        ready!(sleep.as_mut().poll(cx));
        self.has_replied = true;
        let reply = self.reply.take().expect("it is ready once");
        Poll::Ready(reply.result)
    }
}

impl Fetch<'_> {
    fn end(&self, end: End) {
        self.calls.borrow_mut()[self.index].end = end;
    }
}

impl Drop for Fetch<'_> {
    fn drop(&mut self) {
        if self.has_replied {
            self.end(End::Replied(Instant::now()));
        } else if self.sleep.is_some() {
            self.end(End::Dropped(Instant::now()));
        }
    }
}

impl Upstream for FakeUpstream {
    fn fetch(&self, key: u32) -> impl Future<Output = Result<String, Refused>> {
        Fetch {
            calls: &self.calls,
            index: 0,
            key,
            script: &self.script,
            reply: None,
            sleep: None,
            has_replied: false,
        }
    }
}
