//! Does not look when a `push` that waits returns. Caught by `test_queue::fails_programs_that_break_it`, which says "1 ms after there is room".

async fn test_waiting_calls<Q: Queue>(queue: &Q) {
    let (popped, pushed) = tokio::join!(
        within_limit(queue.pop()),
        when_the_others_wait(async || within_limit(queue.push(0)).await),
    );
    assert_eq!((popped, pushed), (Some(0), Ok(())));
    assert_eq!(within_limit(queue.push(1)).await, Ok(()));
    let (pushed, popped) = tokio::join!(
        within_limit(queue.push(2)),
        when_the_others_wait(async || within_limit(queue.pop()).await),
    );
    assert_eq!((pushed, popped), (Ok(()), Some(1)));
    assert_eq!(within_limit(queue.pop()).await, Some(2));
}
