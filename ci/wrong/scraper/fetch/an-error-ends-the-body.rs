//! An error while the body is read is its end. Caught by `fetch::returns_the_first_error`, which says "an error is taken to be the end of the body".

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
        loop {
            match within(timeouts.idle, Limit::Idle, connection.chunk()).await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) | Err(FetchError::Io(_)) => return Ok(Response { status, body }),
                Err(error) => return Err(error),
            }
        }
    };
    timeout(timeouts.total, exchange)
        .await
        .unwrap_or(Err(FetchError::TimedOut(Limit::Total)))
}
