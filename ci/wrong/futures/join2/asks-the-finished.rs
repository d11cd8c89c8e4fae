//! A lamp that is lit is enough to ask, even where there is an output already. Caught by `join2::the_one_that_is_done_is_left_alone`, which says "still something to ask for".

pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut a_output, mut b_output) = (None, None);
    let desk = Arc::new(Desk::default());
    let a_waker = Lamp::waker(0, &desk);
    let b_waker = Lamp::waker(1, &desk);
    poll_fn(|cx| {
        let [ask_a, ask_b] = desk.begin_poll(cx.waker());
        if ask_a && let Poll::Ready(output) = a.as_mut().poll(&mut Context::from_waker(&a_waker)) {
            a_output = Some(output);
        }
        if ask_b && let Poll::Ready(output) = b.as_mut().poll(&mut Context::from_waker(&b_waker)) {
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
