//! Takes an item from the input, and waits then. Caught by `rate_limited::does_not_poll_the_input_while_it_waits`, which says "polled before the wait".

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
        let item = input.next().await?;
        if returned.len() == burst {
            let oldest: Instant = returned.pop_front()?;
            sleep_until(oldest + period).await;
        }
        returned.push_back(Instant::now());
        Some((item, (input, returned)))
    });
    limited.fuse().boxed()
}
