//! Stores the waker of the poll after both futures were polled. Caught by `join2::a_wake_up_during_the_poll_counts`, which says "finds no waker to call".

impl JoinWakers {
    fn start_poll(&self) -> [bool; 2] {
        std::mem::take(&mut self.state.lock().unwrap().woken)
    }

    fn end_poll(&self, waker: &Waker) {
        self.state.lock().unwrap().parent = Some(waker.clone());
    }

    fn wake_child(&self, child: usize) {
        let mut state = self.state.lock().unwrap();
        state.woken[child] = true;
        let parent = state.parent.clone();
        drop(state);
        wake(parent);
    }
}

pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut a_output, mut b_output) = (None, None);
    let wakers = Arc::new(JoinWakers::default());
    let a_waker = ChildWaker::waker(0, &wakers);
    let b_waker = ChildWaker::waker(1, &wakers);
    poll_fn(|cx| {
        let [a_woken, b_woken] = wakers.start_poll();
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
                wakers.end_poll(cx.waker());
                Poll::Pending
            }
        }
    })
    .await
}
