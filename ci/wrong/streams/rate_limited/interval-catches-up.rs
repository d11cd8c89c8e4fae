//! Waits for a tick of an interval before each burst, and the interval makes up for missed ticks. Caught by `rate_limited::a_pause_is_not_made_up_for`, which says "makes up for a pause".

pub fn rate_limited<T>(
    input: BoxStream<'static, T>,
    burst: usize,
    period: Duration,
) -> BoxStream<'static, T>
where
    T: Send + 'static,
{
    let ticks = (!period.is_zero()).then(|| tokio::time::interval(period));
    let limited = stream::unfold(
        (input, ticks, 0),
        move |(mut input, mut ticks, count)| async move {
            if let Some(ticks) = &mut ticks
                && count % burst == 0
            {
                ticks.tick().await;
            }
            let item = input.next().await?;
            Some((item, (input, ticks, count + 1)))
        },
    );
    limited.fuse().boxed()
}
