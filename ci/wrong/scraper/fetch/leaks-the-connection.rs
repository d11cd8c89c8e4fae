//! A connection that was given up is leaked, so that its destructor does not delay the caller. Caught by `fetch::closes_the_connection_before_it_returns`, which says "no connection should be open".

pub async fn fetch<U: Upstream>(
    upstream: &U,
    path: &str,
    timeouts: Timeouts,
) -> Result<Response, FetchError> {
    let mut exchange = Box::pin(async {
        let mut connection = within(timeouts.connect, Limit::Connect, upstream.connect()).await?;
        let request = connection.request(path);
        let status = within(timeouts.first_byte, Limit::FirstByte, request).await?;
        let mut body = Vec::new();
        while let Some(chunk) = within(timeouts.idle, Limit::Idle, connection.chunk()).await? {
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, body })
    });
    match timeout(timeouts.total, &mut exchange).await {
        Ok(result) => result,
        Err(_elapsed) => {
            std::mem::forget(exchange);
            Err(FetchError::TimedOut(Limit::Total))
        }
    }
}
