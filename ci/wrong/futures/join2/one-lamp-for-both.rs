//! There is one lamp, so nobody knows which of the two has rung. Caught by `join2::asks_only_who_has_rung`, which says "who has rung is not known".

impl Desk {
    fn begin_poll(&self, waker: &Waker) -> [bool; 2] {
        let mut calls = self.calls.lock().unwrap();
        calls.waker = Some(waker.clone());
        std::mem::take(&mut calls.lit)
    }

    fn rung_by(&self, child: usize) {
        let mut calls = self.calls.lock().unwrap();
        calls.lit = [true; 2];
        let waker = calls.waker.clone();
        drop(calls);
        wake(waker);
    }
}

pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut a_output, mut b_output) = (None, None);
    let desk = Arc::new(Desk::default());
    let a_waker = Lamp::waker(0, &desk);
    let b_waker = Lamp::waker(1, &desk);
    poll_fn(|cx| {
        let [ask_a, ask_b] = desk.begin_poll(cx.waker());
        if ask_a
            && a_output.is_none()
            && let Poll::Ready(output) = a.as_mut().poll(&mut Context::from_waker(&a_waker))
        {
            a_output = Some(output);
        }
        if ask_b
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
