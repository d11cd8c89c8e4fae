//! Counts the end as an item, so that a poll after it waits. Caught by `rate_limited::stays_ended`, which says "it is pending".

use tokio::time::Sleep;

pub fn rate_limited<T>(
    mut input: BoxStream<'static, T>,
    burst: usize,
    period: Duration,
) -> BoxStream<'static, T>
where
    T: Send + 'static,
{
    let mut returned: VecDeque<Instant> = VecDeque::new();
    let mut wait: Option<Pin<Box<Sleep>>> = None;
    let mut ended = false;
    stream::poll_fn(move |cx| {
        if returned.len() >= burst {
            let oldest = returned[0];
            let sleep = wait.get_or_insert_with(|| Box::pin(sleep_until(oldest + period)));
            ready!(sleep.as_mut().poll(cx));
            wait = None;
            returned.pop_front();
        }
        if ended {
            return Poll::Ready(None);
        }
        let item = ready!(input.poll_next_unpin(cx));
        match item {
            Some(_) => returned.push_back(Instant::now()),
            None => {
                ended = true;
                returned.push_back(Instant::now());
            }
        }
        Poll::Ready(item)
    })
    .boxed()
}
