//! Counts items in fixed periods, so that two bursts may follow each other. Caught by `rate_limited::returns_an_item_as_soon_as_it_may`, which says "counted in fixed periods".

pub fn rate_limited<T>(
    input: BoxStream<'static, T>,
    burst: usize,
    period: Duration,
) -> BoxStream<'static, T>
where
    T: Send + 'static,
{
    let state = (input, None::<Instant>, 0);
    let limited = stream::unfold(state, move |(mut input, start, mut count)| async move {
        let mut start = start.unwrap_or_else(Instant::now);
        if count == burst {
            sleep_until(start + period).await;
        }
        let mut reset = |now: Instant| {
            while !period.is_zero() && now >= start + period {
                (start, count) = (start + period, 0);
            }
            if period.is_zero() {
                count = 0;
            }
        };
        reset(Instant::now());
        let item = input.next().await?;
        reset(Instant::now());
        Some((item, (input, Some(start), count + 1)))
    });
    limited.fuse().boxed()
}
