//! The wait begins again with each poll that follows a dropped `next`. Caught by `rate_limited::a_dropped_next_does_not_start_the_wait_again`, which says "started again by each call".

/// Forgets its wait when it is polled by another `next`, which has another waker or polls at another time.
struct Waits<T> {
    input: BoxStream<'static, T>,
    returned: VecDeque<Instant>,
    wait: Option<(Instant, Pin<Box<tokio::time::Sleep>>)>,
    last_poll: Instant,
}

pub fn rate_limited<T>(
    input: BoxStream<'static, T>,
    burst: usize,
    period: Duration,
) -> BoxStream<'static, T>
where
    T: Send + 'static,
{
    let mut state = Waits {
        input: input.fuse().boxed(),
        returned: VecDeque::new(),
        wait: None,
        last_poll: Instant::now(),
    };
    let limited = stream::poll_fn(move |cx| {
        let now = Instant::now();
        if state.returned.len() == burst {
            let oldest = state.returned[0];
            // A poll before the end of the wait is that of another `next`.
            let full = || (now, Box::pin(sleep_until(now + period)));
            let (begun, wait) = state
                .wait
                .get_or_insert_with(|| (now, Box::pin(sleep_until(oldest + period))));
            if wait.as_mut().poll(cx).is_pending() {
                if *begun != now {
                    state.wait = Some(full());
                    if let Some((_, wait)) = &mut state.wait {
                        let _ = wait.as_mut().poll(cx);
                    }
                }
                state.last_poll = now;
                return Poll::Pending;
            }
            state.wait = None;
            state.returned.pop_front();
        }
        let item = ready!(state.input.poll_next_unpin(cx));
        if item.is_some() {
            state.returned.push_back(now);
        }
        Poll::Ready(item)
    });
    limited.fuse().boxed()
}
