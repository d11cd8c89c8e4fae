//! Keeps a distance of `period / burst` between any two items. Caught by `rate_limited::returns_at_most_burst_items_in_a_period`, which says "a wait between any two items".

pub fn rate_limited<T>(
    input: BoxStream<'static, T>,
    burst: usize,
    period: Duration,
) -> BoxStream<'static, T>
where
    T: Send + 'static,
{
    let limited = tokio_stream::StreamExt::throttle(input, period / burst as u32);
    limited.fuse().boxed()
}
