//! If `total` and the limit of the call are up at the same instant, it says `Total`. Caught by `fetch::a_limit_of_a_call_comes_before_the_total`, which says "looked at before the limit of the call".

pub async fn fetch<U: Upstream>(
    upstream: &U,
    path: &str,
    timeouts: Timeouts,
) -> Result<Response, FetchError> {
    let start = Instant::now();
    let exchange = async {
        let mut connection = within(timeouts.connect, Limit::Connect, upstream.connect()).await?;
        let request = connection.request(path);
        let status = within(timeouts.first_byte, Limit::FirstByte, request).await?;
        let mut body = Vec::new();
        while let Some(chunk) = within(timeouts.idle, Limit::Idle, connection.chunk()).await? {
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, body })
    };
    match timeout(timeouts.total, exchange).await {
        Ok(Err(FetchError::TimedOut(_))) if start.elapsed() == timeouts.total => {
            Err(FetchError::TimedOut(Limit::Total))
        }
        Ok(result) => result,
        Err(_) => Err(FetchError::TimedOut(Limit::Total)),
    }
}
