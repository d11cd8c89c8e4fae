//! Takes the first `None` for the end. Caught by `test_queue::fails_programs_that_break_it`, which says "returns `None` once after `close`".

async fn test_close<Q: Queue>(queue: &Q) {
    for item in 0..2 {
        assert_eq!(within_limit(queue.push(item)).await, Ok(()));
    }
    queue.close();
    assert_eq!(within_limit(queue.push(2)).await, Err(Closed));
    for expected in [Some(0), Some(1), None] {
        assert_eq!(within_limit(queue.pop()).await, expected);
    }
}

async fn test_close_ends_a_pop<Q: Queue>(queue: &Q) {
    let (popped, ()) = tokio::join!(
        within_limit(queue.pop()),
        when_the_others_wait(async || queue.close()),
    );
    assert_eq!(popped, None);
}
