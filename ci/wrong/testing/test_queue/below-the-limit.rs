//! Pushes no item while the queue is full. Caught by `test_queue::fails_programs_that_break_it`, which says "it has no limit".

pub async fn test_queue<Q: Queue>(new: impl Fn(usize) -> Q) {
    for capacity in 1..=3 {
        test_order_and_limit(&new(capacity), capacity as u32).await;
    }
    test_close(&new(3)).await;
    test_waiting_calls(&new(1)).await;
    test_close_ends_a_pop(&new(1)).await;
    test_dropped_calls(&new(1)).await;
}

async fn test_order_and_limit<Q: Queue>(queue: &Q, capacity: u32) {
    for item in 0..capacity {
        assert_eq!(within_limit(queue.push(item)).await, Ok(()));
    }
    for item in 0..capacity {
        assert_eq!(within_limit(queue.pop()).await, Some(item));
    }
    assert!(waits(queue.pop()).await, "it should be empty");
}

async fn test_dropped_calls<Q: Queue>(queue: &Q) {
    assert!(waits(queue.pop()).await);
    assert_eq!(within_limit(queue.push(0)).await, Ok(()));
    assert_eq!(within_limit(queue.pop()).await, Some(0));
    assert!(waits(queue.pop()).await, "a dropped push adds no item");
}
