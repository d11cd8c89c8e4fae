//! The report is not polled in the poll in which the query becomes ready, and its wake-up is lost. Caught by `without_futurelock::both_run_concurrently`, which says "although it was woken".

pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    use std::task::Poll;
    let (mut query, mut report) = (pin!(query), pin!(report));
    let mut timer = pin!(sleep(slow_after));
    let (mut output, mut started, mut reported) = (None, false, false);
    std::future::poll_fn(|cx| {
        if output.is_none()
            && let Poll::Ready(ready) = query.as_mut().poll(cx)
        {
            if !started {
                return Poll::Ready(ready);
            }
            output = Some(ready);
            return if reported {
                Poll::Ready(output.take().expect("ready"))
            } else {
                Poll::Pending
            };
        }
        if !started && output.is_none() {
            started = timer.as_mut().poll(cx).is_ready();
        }
        if started && !reported {
            reported = report.as_mut().poll(cx).is_ready();
        }
        if started == reported
            && let Some(output) = output.take()
        {
            return Poll::Ready(output);
        }
        Poll::Pending
    })
    .await
}
