//! The total shortens the limit of each call, and that limit is reported. Caught by `fetch::the_total_limits_everything`, which says "names the limit of the call in progress".

pub async fn fetch<U: Upstream>(
    upstream: &U,
    path: &str,
    timeouts: Timeouts,
) -> Result<Response, FetchError> {
    let start = Instant::now();
    let left = |limit: Duration| limit.min(timeouts.total.saturating_sub(start.elapsed()));
    let connect = left(timeouts.connect);
    let mut connection = within(connect, Limit::Connect, upstream.connect()).await?;
    let first_byte = left(timeouts.first_byte);
    let status = within(first_byte, Limit::FirstByte, connection.request(path)).await?;
    let mut body = Vec::new();
    loop {
        let idle = left(timeouts.idle);
        match within(idle, Limit::Idle, connection.chunk()).await? {
            Some(chunk) => body.extend_from_slice(&chunk),
            None => return Ok(Response { status, body }),
        }
    }
}
