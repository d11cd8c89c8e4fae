//! Does not use the queue after a `pop` was dropped. Caught by `test_queue::fails_programs_that_break_it`, which says "after a `pop` was dropped while it waited, the next item is lost".

async fn test_dropped_calls<Q: Queue>(queue: &Q) {
    assert_eq!(within_limit(queue.push(0)).await, Ok(()));
    assert!(waits(queue.push(1)).await);
    assert_eq!(within_limit(queue.pop()).await, Some(0));
    assert!(waits(queue.pop()).await, "a dropped push adds no item");
}
