//! A spawned task reads the input. Caught by `rate_limited::does_not_poll_the_input_while_it_waits`, which says "polled before the wait".

pub fn rate_limited<T>(
    input: BoxStream<'static, T>,
    burst: usize,
    period: Duration,
) -> BoxStream<'static, T>
where
    T: Send + 'static,
{
    let (tx, rx) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        let mut input = input;
        while let Some(item) = input.next().await {
            if tx.send(item).await.is_err() {
                return;
            }
        }
    });
    let state = (rx, VecDeque::new());
    let limited = stream::unfold(state, move |(mut input, mut returned)| async move {
        if returned.len() == burst {
            let oldest: Instant = returned.pop_front()?;
            sleep_until(oldest + period).await;
        }
        let item = input.recv().await?;
        returned.push_back(Instant::now());
        Some((item, (input, returned)))
    });
    limited.fuse().boxed()
}
