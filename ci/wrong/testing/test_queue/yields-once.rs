//! Takes one turn of the other futures for enough: on the way to a wait a call may be pending more often. Caught by `test_queue::passes_programs_that_keep_the_contract`, which says "how often a future is pending".

use futures::FutureExt;

async fn when_the_others_wait<T>(action: impl AsyncFnOnce() -> T) -> T {
    tokio::task::yield_now().await;
    action().await
}

async fn test_close_ends_a_pop<Q: Queue>(queue: &Q) {
    let (popped, ()) = tokio::join!(
        within_limit(async {
            let popped = queue.pop().now_or_never();
            assert!(popped.is_none());
            queue.push(7).now_or_never().expect("there is room")
        }),
        when_the_others_wait(async || queue.close()),
    );
    assert_eq!(popped, Ok(()));
}
