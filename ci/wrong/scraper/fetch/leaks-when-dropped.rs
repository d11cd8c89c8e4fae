//! The connection is in a `ManuallyDrop`, which only the end of the function drops. Caught by `fetch::closes_the_connection_before_it_returns`, which says "it was leaked".

pub async fn fetch<U: Upstream>(
    upstream: &U,
    path: &str,
    timeouts: Timeouts,
) -> Result<Response, FetchError> {
    let exchange = async {
        let connection = within(timeouts.connect, Limit::Connect, upstream.connect()).await?;
        let mut connection = std::mem::ManuallyDrop::new(connection);
        let result = async {
            let request = connection.request(path);
            let status = within(timeouts.first_byte, Limit::FirstByte, request).await?;
            let mut body = Vec::new();
            while let Some(chunk) = within(timeouts.idle, Limit::Idle, connection.chunk()).await? {
                body.extend_from_slice(&chunk);
            }
            Ok(Response { status, body })
        };
        let result = result.await;
        drop(std::mem::ManuallyDrop::into_inner(connection));
        result
    };
    timeout(timeouts.total, exchange)
        .await
        .unwrap_or(Err(FetchError::TimedOut(Limit::Total)))
}
