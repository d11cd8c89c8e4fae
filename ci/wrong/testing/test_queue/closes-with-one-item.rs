//! Closes a queue with one item, and looks only at whether the items before the last one stay. Caught by `test_queue::fails_programs_that_break_it`, which says "it loses its last item when it is closed".

async fn test_close<Q: Queue>(queue: &Q) {
    for item in 0..2 {
        assert_eq!(within_limit(queue.push(item)).await, Ok(()));
    }
    queue.close();
    assert_eq!(within_limit(queue.push(2)).await, Err(Closed));
    assert_eq!(within_limit(queue.pop()).await, Some(0));
    while within_limit(queue.pop()).await.is_some() {}
    assert_eq!(within_limit(queue.pop()).await, None);
}

async fn test_close_ends_a_push<Q: Queue>(queue: &Q) {
    assert_eq!(within_limit(queue.push(0)).await, Ok(()));
    let (pushed, ()) = tokio::join!(
        within_limit(queue.push(1)),
        when_the_others_wait(async || queue.close()),
    );
    assert_eq!(pushed, Err(Closed));
    while within_limit(queue.pop()).await.is_some() {}
}
