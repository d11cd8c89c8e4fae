//! The first request is dropped when the second one is sent. Caught by `hedge::the_first_success_wins`, which says "a hedge keeps both".

use tokio::time::timeout;

pub async fn hedge<T, E, F>(delay: Duration, mut request: impl FnMut() -> F) -> Result<T, E>
where
    F: Future<Output = Result<T, E>>,
{
    match timeout(delay, request()).await {
        Ok(Ok(value)) => Ok(value),
        _ => request().await,
    }
}
