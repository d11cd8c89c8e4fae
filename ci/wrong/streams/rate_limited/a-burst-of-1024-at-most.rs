//! A burst has 1024 items at most. Caught by `rate_limited::a_burst_may_be_larger_than_any_list`, which says "The first difference".

pub fn rate_limited<T>(
    input: BoxStream<'static, T>,
    burst: usize,
    period: Duration,
) -> BoxStream<'static, T>
where
    T: Send + 'static,
{
    // When each of the last items was returned, at most `burst` of them.
    let returned = VecDeque::new();
    let limited = stream::unfold(
        (input, returned),
        move |(mut input, mut returned)| async move {
            if returned.len() == burst.min(1024) {
                let oldest: Instant = returned.pop_front()?;
                sleep_until(oldest + period).await;
            }
            let item = input.next().await?;
            returned.push_back(Instant::now());
            Some((item, (input, returned)))
        },
    );
    limited.fuse().boxed()
}
