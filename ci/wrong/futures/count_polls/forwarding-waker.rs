//! Polls the future with a new waker that forwards to the given one. Caught by `count_polls::passes_on_the_same_waker`, which says "a new waker that forwards".

struct Forward(Waker);

impl Wake for Forward {
    fn wake(self: Arc<Self>) {
        self.0.wake_by_ref();
    }
}

pub async fn count_polls<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut polls = 0;
    poll_fn(|cx| {
        polls += 1;
        let forward = Waker::from(Arc::new(Forward(cx.waker().clone())));
        let output = ready!(future.as_mut().poll(&mut Context::from_waker(&forward)));
        Poll::Ready((output, polls))
    })
    .await
}
