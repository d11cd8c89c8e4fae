//! An empty path is replaced by `/`. Caught by `fetch::returns_the_response`, which says "The calls should be".

pub async fn fetch<U: Upstream>(
    upstream: &U,
    path: &str,
    timeouts: Timeouts,
) -> Result<Response, FetchError> {
    let exchange = async {
        let mut connection = within(timeouts.connect, Limit::Connect, upstream.connect()).await?;
        let request = connection.request(if path.is_empty() { "/" } else { path });
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
