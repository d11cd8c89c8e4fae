//! Closes an empty queue only. Caught by `test_queue::fails_programs_that_break_it`, which says "its items are lost when it is closed".

async fn test_close<Q: Queue>(queue: &Q) {
    for item in 0..2 {
        assert_eq!(within_limit(queue.push(item)).await, Ok(()));
    }
    for expected in [Some(0), Some(1)] {
        assert_eq!(within_limit(queue.pop()).await, expected);
    }
    queue.close();
    assert_eq!(within_limit(queue.push(2)).await, Err(Closed));
    for expected in [None, None] {
        assert_eq!(within_limit(queue.pop()).await, expected);
    }
}

async fn test_close_ends_a_push<Q: Queue>(queue: &Q) {
    assert_eq!(within_limit(queue.push(0)).await, Ok(()));
    let (pushed, ()) = tokio::join!(
        within_limit(queue.push(1)),
        when_the_others_wait(async || queue.close()),
    );
    assert_eq!(pushed, Err(Closed));
}
