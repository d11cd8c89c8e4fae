//! Adds `slow_after` to an instant, which overflows if it is very long. Caught by `without_futurelock::a_quick_query_needs_no_report`, which says "overflow when adding duration to instant".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    let mut query = pin!(query);
    let at = tokio::time::Instant::now() + slow_after;
    tokio::select! {
        biased;
        output = &mut query => return output,
        () = tokio::time::sleep_until(at) => {}
    }
    let (output, ()) = tokio::join!(query, report);
    output
}
