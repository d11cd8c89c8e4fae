//! Calls the waker of `join2` after a poll in which a future was woken. Caught by `join2::a_wake_up_during_the_poll_counts`, which says "calls the waker itself as well".

pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let wakers = Arc::new(JoinWakers::default());
    let a_waker = ChildWaker::waker(0, &wakers);
    let b_waker = ChildWaker::waker(1, &wakers);
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut a_output, mut b_output) = (None, None);
    poll_fn(|cx| {
        let [a_woken, b_woken] = wakers.start_poll(cx.waker());
        if a_woken
            && a_output.is_none()
            && let Poll::Ready(output) = a.as_mut().poll(&mut Context::from_waker(&a_waker))
        {
            a_output = Some(output);
        }
        if b_woken
            && b_output.is_none()
            && let Poll::Ready(output) = b.as_mut().poll(&mut Context::from_waker(&b_waker))
        {
            b_output = Some(output);
        }
        match (a_output.take(), b_output.take()) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            (a, b) => {
                (a_output, b_output) = (a, b);
                let woken = wakers.state.lock().unwrap().woken;
                if woken.contains(&true) {
                    cx.waker().wake_by_ref();
                }
                Poll::Pending
            }
        }
    })
    .await
}
