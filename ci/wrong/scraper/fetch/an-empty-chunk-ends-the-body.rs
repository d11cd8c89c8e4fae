//! An empty chunk is the end of the body, as a read of no bytes is. Caught by `fetch::returns_the_response`, which says "an empty chunk is taken to be the end".

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
        while let Some(chunk) = within(timeouts.idle, Limit::Idle, connection.chunk()).await? {
            if chunk.is_empty() {
                break;
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, body })
    };
    timeout(timeouts.total, exchange)
        .await
        .unwrap_or(Err(FetchError::TimedOut(Limit::Total)))
}
