//! Lamps and waker are kept in `std::sync`, where the grader cannot try every order. Caught by `join2::no_ring_is_lost`, which says "No lock and no atomic of your answer comes from `crate::sync`".

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

struct Flag {
    lit: AtomicBool,
    waiting: Arc<std::sync::Mutex<Option<Waker>>>,
}

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.lit.store(true, SeqCst);
        let waiting = self.waiting.lock().unwrap().clone();
        wake(waiting);
    }
}

pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut a_output, mut b_output) = (None, None);
    let waiting = Arc::default();
    let lamps = [(); 2].map(|()| {
        Arc::new(Flag {
            lit: AtomicBool::new(true),
            waiting: Arc::clone(&waiting),
        })
    });
    let wakers = lamps.clone().map(Waker::from);
    poll_fn(|cx| {
        *waiting.lock().unwrap() = Some(cx.waker().clone());
        if lamps[0].lit.swap(false, SeqCst)
            && a_output.is_none()
            && let Poll::Ready(output) = a.as_mut().poll(&mut Context::from_waker(&wakers[0]))
        {
            a_output = Some(output);
        }
        if lamps[1].lit.swap(false, SeqCst)
            && b_output.is_none()
            && let Poll::Ready(output) = b.as_mut().poll(&mut Context::from_waker(&wakers[1]))
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
