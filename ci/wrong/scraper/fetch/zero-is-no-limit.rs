//! A limit of zero is no limit, as in some configuration files. Caught by `fetch::each_call_has_a_limit`, which says "a limit of zero is taken to be no limit".

pub async fn fetch<U: Upstream>(
    upstream: &U,
    path: &str,
    timeouts: Timeouts,
) -> Result<Response, FetchError> {
    let limit = |limit: Duration| {
        if limit.is_zero() {
            Duration::MAX
        } else {
            limit
        }
    };
    let exchange = async {
        let connect = upstream.connect();
        let mut connection = within(limit(timeouts.connect), Limit::Connect, connect).await?;
        let request = connection.request(path);
        let status = within(limit(timeouts.first_byte), Limit::FirstByte, request).await?;
        let mut body = Vec::new();
        while let Some(chunk) =
            within(limit(timeouts.idle), Limit::Idle, connection.chunk()).await?
        {
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, body })
    };
    timeout(limit(timeouts.total), exchange)
        .await
        .unwrap_or(Err(FetchError::TimedOut(Limit::Total)))
}
