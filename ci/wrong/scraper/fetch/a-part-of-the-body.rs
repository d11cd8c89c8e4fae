//! When a chunk is late, what has arrived is returned. Caught by `fetch::each_call_has_a_limit`, which says "a part of the body is returned".

pub async fn fetch<U: Upstream>(
    upstream: &U,
    path: &str,
    timeouts: Timeouts,
) -> Result<Response, FetchError> {
    let mut received = None;
    let exchange = async {
        let mut connection = within(timeouts.connect, Limit::Connect, upstream.connect()).await?;
        let request = connection.request(path);
        let status = within(timeouts.first_byte, Limit::FirstByte, request).await?;
        let response = received.insert(Response {
            status,
            body: Vec::new(),
        });
        loop {
            match within(timeouts.idle, Limit::Idle, connection.chunk()).await {
                Ok(Some(chunk)) => response.body.extend_from_slice(&chunk),
                Ok(None) | Err(FetchError::TimedOut(_)) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    };
    match timeout(timeouts.total, exchange).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => return Err(error),
        Err(_elapsed) if received.is_some() => {}
        Err(_elapsed) => return Err(FetchError::TimedOut(Limit::Total)),
    }
    received.ok_or(FetchError::TimedOut(Limit::Total))
}
