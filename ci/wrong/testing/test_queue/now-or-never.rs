//! Expects that a call which need not wait is ready at its first poll. Caught by `test_queue::passes_programs_that_keep_the_contract`, which says "how often a future is pending".

use futures::FutureExt;

async fn test_order_and_limit<Q: Queue>(queue: &Q, capacity: u32) {
    for item in 0..capacity {
        assert_eq!(queue.push(item).now_or_never(), Some(Ok(())));
    }
    assert!(waits(queue.push(capacity)).await, "more than {capacity}");
    for item in 0..capacity {
        assert_eq!(within_limit(queue.pop()).await, Some(item));
    }
    assert!(waits(queue.pop()).await, "it should be empty");
}
