//! The total begins with the call, and not with the first poll. Caught by `fetch::the_total_limits_everything`, which says "begins with the call of the function".

pub fn fetch<U: Upstream>(
    upstream: &U,
    path: &str,
    timeouts: Timeouts,
) -> impl Future<Output = Result<Response, FetchError>> {
    let end = Instant::now().checked_add(timeouts.total);
    async move {
        let exchange = async {
            let mut connection =
                within(timeouts.connect, Limit::Connect, upstream.connect()).await?;
            let request = connection.request(path);
            let status = within(timeouts.first_byte, Limit::FirstByte, request).await?;
            let mut body = Vec::new();
            while let Some(chunk) = within(timeouts.idle, Limit::Idle, connection.chunk()).await? {
                body.extend_from_slice(&chunk);
            }
            Ok(Response { status, body })
        };
        let total = end.map_or(timeouts.total, |end| {
            end.saturating_duration_since(Instant::now())
        });
        timeout(total, exchange)
            .await
            .unwrap_or(Err(FetchError::TimedOut(Limit::Total)))
    }
}
