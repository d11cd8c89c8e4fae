//! One idle limit for the whole body. Caught by `fetch::each_call_has_a_limit`, which says "the idle limit is for the whole body".

pub async fn fetch<U: Upstream>(
    upstream: &U,
    path: &str,
    timeouts: Timeouts,
) -> Result<Response, FetchError> {
    let exchange = async {
        let mut connection = within(timeouts.connect, Limit::Connect, upstream.connect()).await?;
        let request = connection.request(path);
        let status = within(timeouts.first_byte, Limit::FirstByte, request).await?;
        let body = async {
            let mut body = Vec::new();
            while let Some(chunk) = connection.chunk().await? {
                body.extend_from_slice(&chunk);
            }
            Ok(body)
        };
        let body = within(timeouts.idle, Limit::Idle, body).await?;
        Ok(Response { status, body })
    };
    timeout(timeouts.total, exchange)
        .await
        .unwrap_or(Err(FetchError::TimedOut(Limit::Total)))
}
