//! The first chunk has no idle limit. Caught by `fetch::each_call_has_a_limit`, which says "the first chunk has no idle limit".

pub async fn fetch<U: Upstream>(
    upstream: &U,
    path: &str,
    timeouts: Timeouts,
) -> Result<Response, FetchError> {
    let exchange = async {
        let mut connection = within(timeouts.connect, Limit::Connect, upstream.connect()).await?;
        let request = connection.request(path);
        let status = within(timeouts.first_byte, Limit::FirstByte, request).await?;
        let mut body = Vec::new();
        let mut next = connection.chunk().await.map_err(FetchError::Io)?;
        while let Some(chunk) = next {
            body.extend_from_slice(&chunk);
            next = within(timeouts.idle, Limit::Idle, connection.chunk()).await?;
        }
        Ok(Response { status, body })
    };
    timeout(timeouts.total, exchange)
        .await
        .unwrap_or(Err(FetchError::TimedOut(Limit::Total)))
}
