//! Drops a `push`, and does not look whether its item comes later. Caught by `test_queue::fails_programs_that_break_it`, which says "is added as soon as there is room".

async fn test_dropped_calls<Q: Queue>(queue: &Q) {
    assert!(waits(queue.pop()).await);
    assert_eq!(within_limit(queue.push(0)).await, Ok(()));
    assert!(waits(queue.push(1)).await);
    assert_eq!(within_limit(queue.pop()).await, Some(0));
}

async fn test_order_and_limit<Q: Queue>(queue: &Q, capacity: u32) {
    for item in 0..capacity {
        assert_eq!(within_limit(queue.push(item)).await, Ok(()));
    }
    assert!(waits(queue.push(capacity)).await, "more than {capacity}");
    for item in 0..capacity {
        assert_eq!(within_limit(queue.pop()).await, Some(item));
    }
}
