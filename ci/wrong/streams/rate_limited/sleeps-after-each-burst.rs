//! Sleeps for a whole period after each burst, however long the burst took. Caught by `rate_limited::returns_an_item_as_soon_as_it_may`, which says "a wait of a whole period".

pub fn rate_limited<T>(
    input: BoxStream<'static, T>,
    burst: usize,
    period: Duration,
) -> BoxStream<'static, T>
where
    T: Send + 'static,
{
    let limited = stream::unfold((input, 0), move |(mut input, count)| async move {
        if count == burst {
            tokio::time::sleep(period).await;
        }
        let item = input.next().await?;
        Some((item, (input, count % burst + 1)))
    });
    limited.fuse().boxed()
}
