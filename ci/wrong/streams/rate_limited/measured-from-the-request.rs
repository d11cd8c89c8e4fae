//! Keeps the instant at which an item was asked for, instead of that at which it was returned. Caught by `rate_limited::returns_an_item_as_soon_as_it_may`, which says "was asked for".

pub fn rate_limited<T>(
    input: BoxStream<'static, T>,
    burst: usize,
    period: Duration,
) -> BoxStream<'static, T>
where
    T: Send + 'static,
{
    let state = (input, VecDeque::new());
    let limited = stream::unfold(state, move |(mut input, mut returned)| async move {
        if returned.len() == burst {
            let oldest: Instant = returned.pop_front()?;
            sleep_until(oldest + period).await;
        }
        returned.push_back(Instant::now());
        let item = input.next().await?;
        Some((item, (input, returned)))
    });
    limited.fuse().boxed()
}
