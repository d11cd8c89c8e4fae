//! The stream panics when it is polled after its end. Caught by `rate_limited::stays_ended`, which says "fused".

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
        let item = input.next().await?;
        returned.push_back(Instant::now());
        Some((item, (input, returned)))
    });
    limited.boxed()
}
