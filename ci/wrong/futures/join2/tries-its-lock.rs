//! Ignores a wake-up when the lock is taken. Caught by `join2::no_wake_up_is_lost`, which says "Hangs".

impl JoinWakers {
    fn start_poll(&self, waker: &Waker) -> [bool; 2] {
        let mut state = self.state.lock().unwrap();
        state.parent = Some(waker.clone());
        std::mem::take(&mut state.woken)
    }

    fn wake_child(&self, child: usize) {
        let Ok(mut state) = self.state.try_lock() else {
            return;
        };
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
