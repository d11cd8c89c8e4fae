//! The wait begins again when another task polls the stream. Caught by `rate_limited::a_dropped_next_does_not_start_the_wait_again`, which says "another task".

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
    let mut waker = None;
    let mut ended = false;
    stream::poll_fn(move |cx| {
        if ended {
            return Poll::Ready(None);
        }
        if returned.len() >= burst {
            let oldest = returned[0];
            let sleep = wait.get_or_insert_with(|| Box::pin(sleep_until(oldest + period)));
            if !waker
                .as_ref()
                .is_none_or(|waker: &std::task::Waker| waker.will_wake(cx.waker()))
            {
                sleep.as_mut().reset(Instant::now() + period);
            }
            waker = Some(cx.waker().clone());
            ready!(sleep.as_mut().poll(cx));
            waker = None;
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
