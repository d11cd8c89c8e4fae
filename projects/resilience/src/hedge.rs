use std::time::Duration;

use futures::FutureExt;
use tokio::time::sleep;

/// Sends a request, and a second one if the first has not succeeded after `delay`. The first success wins, and the other
/// request is dropped.
///
/// The second request also starts when the first one fails before `delay`. Only requests that may be sent twice may be
/// hedged.
///
/// # Errors
///
/// The error of the request that failed last, if both fail.
///
/// # Cancel safety
///
/// Dropping the future drops both requests.
pub async fn hedge<T, E, F>(delay: Duration, mut request: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    let mut first = Box::pin(request().fuse());
    tokio::select! {
        biased;
        result = &mut first => {
            if result.is_ok() {
                return result;
            }
        }
        () = sleep(delay) => {}
    }
    let mut second = Box::pin(request().fuse());
    loop {
        let (result, other_is_over) = tokio::select! {
            biased;
            result = &mut first, if !is_over(&first) => (result, is_over(&second)),
            result = &mut second, if !is_over(&second) => (result, is_over(&first)),
        };
        if result.is_ok() || other_is_over {
            return result;
        }
    }
}

fn is_over<F: Future>(future: &futures::future::Fuse<F>) -> bool {
    futures::future::FusedFuture::is_terminated(future)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    /// Sends the first two requests of `plan`: how long each takes, and whether it succeeds.
    async fn run(plan: [(u64, bool); 2]) -> (Result<usize, usize>, u64, usize) {
        let start = Instant::now();
        let mut sent = 0;
        let result = hedge(Duration::from_millis(50), || {
            let (took, is_ok) = plan[sent];
            sent += 1;
            let number = sent;
            async move {
                sleep(Duration::from_millis(took)).await;
                if is_ok { Ok(number) } else { Err(number) }
            }
        })
        .await;
        (result, start.elapsed().as_millis() as u64, sent)
    }

    #[tokio::test(start_paused = true)]
    async fn a_fast_response_needs_no_second_request() {
        assert_eq!(run([(50, true), (0, true)]).await, (Ok(1), 50, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_success_wins() {
        assert_eq!(run([(200, true), (10, true)]).await, (Ok(2), 60, 2));
        assert_eq!(run([(70, true), (100, true)]).await, (Ok(1), 70, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn one_failure_does_not_fail_both() {
        assert_eq!(run([(10, false), (100, true)]).await, (Ok(2), 110, 2));
        assert_eq!(run([(200, true), (10, false)]).await, (Ok(1), 200, 2));
        assert_eq!(run([(60, false), (100, true)]).await, (Ok(2), 150, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn both_failures_are_an_error() {
        assert_eq!(run([(60, false), (100, false)]).await, (Err(2), 150, 2));
        assert_eq!(run([(200, false), (10, false)]).await, (Err(1), 200, 2));
    }
}
