//! Starts with both flags cleared, so neither future is ever polled. Caught by `join2::polls_both_at_first`, which says "has no waker to call".

impl Default for JoinWakers {
    fn default() -> Self {
        Self {
            state: Mutex::new(JoinState {
                woken: [false; 2],
                parent: None,
            }),
        }
    }
}

pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut a_output, mut b_output) = (None, None);
    let wakers = Arc::new(JoinWakers::default());
    let a_waker = ChildWaker::waker(0, &wakers);
    let b_waker = ChildWaker::waker(1, &wakers);
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
                Poll::Pending
            }
        }
    })
    .await
}
