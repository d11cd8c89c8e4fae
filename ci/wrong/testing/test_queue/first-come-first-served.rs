//! Asks for what is left open: the call that has waited longest goes on first. Caught by `test_queue::passes_programs_that_keep_the_contract`, which says "lets any of the calls that wait go on first".

async fn test_waiting_calls<Q: Queue>(queue: &Q) {
    let (first, second, pushed) = tokio::join!(
        within_limit(queue.pop()),
        within_limit(async {
            sleep(ms(1)).await;
            queue.pop().await
        }),
        within_limit(async {
            sleep(ms(2)).await;
            queue.push(10).await?;
            queue.push(11).await
        }),
    );
    assert_eq!((first, second, pushed), (Some(10), Some(11), Ok(())));
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
