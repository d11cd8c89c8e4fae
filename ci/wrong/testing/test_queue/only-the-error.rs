//! Looks at the error of the `push` that was waiting, and not at what is in the queue after it. Caught by `test_queue::fails_programs_that_break_it`, which says "returns the error, but adds its item".

async fn test_close_ends_a_push<Q: Queue>(queue: &Q) {
    assert_eq!(within_limit(queue.push(0)).await, Ok(()));
    let (pushed, ()) = tokio::join!(
        within_limit(queue.push(1)),
        when_the_others_wait(async || queue.close()),
    );
    assert_eq!(pushed, Err(Closed));
}
