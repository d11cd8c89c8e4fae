//! The query is leaked, so that it cannot be cancelled. Caught by `without_futurelock::drops_both_when_dropped`, which says "a future was leaked".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    let mut query = Box::leak(Box::new(Box::pin(query)));
    tokio::select! {
        biased;
        output = &mut query => return output,
        () = sleep(slow_after) => {}
    }
    let (output, ()) = tokio::join!(query, report);
    output
}
