//! All calls of a thread add to one counter. Caught by `count_polls::concurrent_calls_count_separately`, which says "the calls share a counter".

use std::cell::Cell;
thread_local! { static POLLS: Cell<u32> = const { Cell::new(0) }; }
pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let start = POLLS.get();
    poll_fn(|cx| {
        POLLS.set(POLLS.get() + 1);
        let output = ready!(future.as_mut().poll(cx));
        Poll::Ready((output, POLLS.get() - start))
    })
    .await
}
