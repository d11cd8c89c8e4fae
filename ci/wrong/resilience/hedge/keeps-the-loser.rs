//! The request that has lost lives as long as the future of `hedge`. Caught by `hedge::the_first_success_wins`, which says "a part of the future that lives on".

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

pub fn hedge<T, E, F>(
    delay: Duration,
    mut request: impl FnMut() -> F,
) -> impl Future<Output = Result<T, E>>
where
    F: Future<Output = Result<T, E>>,
{
    let mut requests: Vec<Option<Pin<Box<F>>>> = Vec::new();
    let mut timer = None;
    poll_fn(move |cx| {
        let timer = timer.get_or_insert_with(|| Box::pin(sleep(delay)));
        if requests.is_empty() {
            requests.push(Some(Box::pin(request())));
        }
        loop {
            let mut failed = None;
            for slot in &mut requests {
                match slot.as_mut().map(|request| request.as_mut().poll(cx)) {
                    Some(Poll::Ready(Ok(value))) => {
                        *slot = None;
                        return Poll::Ready(Ok(value));
                    }
                    Some(Poll::Ready(Err(error))) => {
                        failed = Some(error);
                        *slot = None;
                    }
                    _ => {}
                }
            }
            let all_failed = requests.iter().all(Option::is_none);
            if requests.len() == 1 && (all_failed || timer.as_mut().poll(cx).is_ready()) {
                requests.push(Some(Box::pin(request())));
                continue;
            }
            return match failed {
                Some(error) if all_failed => Poll::Ready(Err(error)),
                _ => Poll::Pending,
            };
        }
    })
}
