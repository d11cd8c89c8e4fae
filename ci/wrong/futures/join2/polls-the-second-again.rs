//! Checks only for the flags before it polls a future, and so polls one that has finished. Caught by `join2::does_not_poll_a_finished_future`, which says "without a check whether the future still has to be polled".

pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut a_output, mut b_output) = (None, None);
    let wakers = Arc::new(JoinWakers::default());
    let a_waker = ChildWaker::waker(0, &wakers);
    let b_waker = ChildWaker::waker(1, &wakers);
    poll_fn(|cx| {
        let [a_woken, b_woken] = wakers.start_poll(cx.waker());
        if a_woken && let Poll::Ready(output) = a.as_mut().poll(&mut Context::from_waker(&a_waker))
        {
            a_output = Some(output);
        }
        if b_woken && let Poll::Ready(output) = b.as_mut().poll(&mut Context::from_waker(&b_waker))
        {
            b_output = Some(output);
        }
        if a_output.is_some() && b_output.is_some() {
            Poll::Ready((a_output.take().unwrap(), b_output.take().unwrap()))
        } else {
            Poll::Pending
        }
    })
    .await
}
