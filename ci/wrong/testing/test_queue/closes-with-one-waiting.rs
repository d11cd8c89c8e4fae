//! Closes the queue while a single `pop` waits. Caught by `test_queue::fails_programs_that_break_it`, which says "only one of them returns".

async fn test_close_ends_a_pop<Q: Queue>(queue: &Q) {
    let (popped, ()) = tokio::join!(
        within_limit(queue.pop()),
        when_the_others_wait(async || queue.close()),
    );
    assert_eq!(popped, None);
}
