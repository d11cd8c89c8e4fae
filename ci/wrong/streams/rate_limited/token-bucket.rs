//! Refills tokens one by one, so that a burst may be followed by more items within the period. Caught by `rate_limited::returns_an_item_as_soon_as_it_may`, which says "holds for an average".

pub fn rate_limited<T>(
    input: BoxStream<'static, T>,
    burst: usize,
    period: Duration,
) -> BoxStream<'static, T>
where
    T: Send + 'static,
{
    let every = period / burst as u32;
    let state = (input, None::<Instant>);
    let limited = stream::unfold(state, move |(mut input, full_at)| async move {
        let full_at = full_at.unwrap_or_else(Instant::now);
        sleep_until(full_at - every * (burst as u32 - 1)).await;
        let item = input.next().await?;
        Some((item, (input, Some(full_at.max(Instant::now()) + every))))
    });
    limited.fuse().boxed()
}
