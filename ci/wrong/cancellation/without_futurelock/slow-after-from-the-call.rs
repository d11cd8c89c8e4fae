//! The time is counted from the call. Caught by `without_futurelock::slow_after_counts_from_the_first_poll`, which says "counted from the call".

pub fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> impl Future<Output = F::Output> {
    let slow = sleep(slow_after);
    async move {
        let mut query = pin!(query);
        tokio::select! { biased; output = &mut query => return output, () = slow => {} }
        let (output, ()) = tokio::join!(query, report);
        output
    }
}
