//! Allocates room for `burst` instants. Caught by `rate_limited::a_burst_may_be_larger_than_any_list`, which says "capacity overflow".

use tokio::time::Sleep;

pub fn rate_limited<T>(
    mut input: BoxStream<'static, T>,
    burst: usize,
    period: Duration,
) -> BoxStream<'static, T>
where
    T: Send + 'static,
{
    let mut returned: VecDeque<Instant> = VecDeque::with_capacity(burst);
    let mut wait: Option<Pin<Box<Sleep>>> = None;
    let mut ended = false;
    stream::poll_fn(move |cx| {
        if ended {
            return Poll::Ready(None);
        }
        if returned.len() >= burst {
            let oldest = returned[0];
            let sleep = wait.get_or_insert_with(|| Box::pin(sleep_until(oldest + period)));
            ready!(sleep.as_mut().poll(cx));
            wait = None;
            returned.pop_front();
        }
        let item = ready!(input.poll_next_unpin(cx));
        match item {
            Some(_) => returned.push_back(Instant::now()),
            None => ended = true,
        }
        Poll::Ready(item)
    })
    .boxed()
}
