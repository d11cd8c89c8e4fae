//! The total begins when the connection is open. Caught by `fetch::the_total_limits_everything`, which says "begins when the connection is open".

pub async fn fetch<U: Upstream>(
    upstream: &U,
    path: &str,
    timeouts: Timeouts,
) -> Result<Response, FetchError> {
    let mut connection = within(timeouts.connect, Limit::Connect, upstream.connect()).await?;
    let exchange = async {
        let request = connection.request(path);
        let status = within(timeouts.first_byte, Limit::FirstByte, request).await?;
        let mut body = Vec::new();
        while let Some(chunk) = within(timeouts.idle, Limit::Idle, connection.chunk()).await? {
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, body })
    };
    timeout(timeouts.total, exchange)
        .await
        .unwrap_or(Err(FetchError::TimedOut(Limit::Total)))
}
