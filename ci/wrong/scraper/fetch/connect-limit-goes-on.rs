//! The connect limit is a deadline for the first byte, too. Caught by `fetch::each_call_has_a_limit`, which says "the connect limit goes on".

pub async fn fetch<U: Upstream>(
    upstream: &U,
    path: &str,
    timeouts: Timeouts,
) -> Result<Response, FetchError> {
    let exchange = async {
        let head = async {
            let mut connection = upstream.connect().await?;
            let status = connection.request(path).await?;
            Ok((connection, status))
        };
        let (mut connection, status) = within(timeouts.connect, Limit::Connect, head).await?;
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
