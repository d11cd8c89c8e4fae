//! The waker of a poll is kept when both futures have been polled. Caught by `join2::a_ring_during_the_poll_counts`, which says "the waker of this poll is kept when the futures have been polled".

impl Desk {
    fn begin_poll(&self) -> [bool; 2] {
        std::mem::take(&mut self.calls.lock().unwrap().lit)
    }

    fn end_poll(&self, waker: &Waker) {
        self.calls.lock().unwrap().waker = Some(waker.clone());
    }

    fn rung_by(&self, child: usize) {
        let mut calls = self.calls.lock().unwrap();
        calls.lit[child] = true;
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
        let [ask_a, ask_b] = desk.begin_poll();
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
                desk.end_poll(cx.waker());
                Poll::Pending
            }
        }
    })
    .await
}
