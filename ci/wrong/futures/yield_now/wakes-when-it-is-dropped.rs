//! Keeps its waker and calls it when it is dropped. Caught by `yield_now::has_woken_its_task_when_it_returns_pending`, which says "left to something else".

pub async fn yield_now() {
    struct Late(Option<Waker>);
    impl Drop for Late {
        fn drop(&mut self) {
            if let Some(waker) = self.0.take() {
                waker.wake();
            }
        }
    }
    let mut late = Late(None);
    let mut done = false;
    poll_fn(|cx| {
        if done {
            return Poll::Ready(());
        }
        done = true;
        late.0 = Some(cx.waker().clone());
        Poll::Pending
    })
    .await
}
