//! Polls the future with a waker of its own first, and then again. Caught by `count_polls::counts_every_poll`, which says "polls the inner future more than once".

#[derive(Default)]
struct Woken(std::sync::atomic::AtomicBool);

impl Wake for Woken {
    fn wake(self: std::sync::Arc<Self>) {
        self.0.store(true, std::sync::atomic::Ordering::SeqCst);
    }
}

pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|cx| {
        polls += 1;
        let woken = std::sync::Arc::new(Woken::default());
        let probe = Waker::from(std::sync::Arc::clone(&woken));
        if polls == 1
            && let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&probe))
        {
            return Poll::Ready((output, polls));
        }
        let output = ready!(future.as_mut().poll(cx));
        Poll::Ready((output, polls))
    })
    .await
}
