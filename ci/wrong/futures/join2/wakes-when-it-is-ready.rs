//! Calls its waker when both futures have finished. Caught by `join2::calls_no_waker_when_it_is_ready`, which says "calls the waker itself".

pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    struct Parent {
        waker: Mutex<Option<Waker>>,
    }
    struct Child {
        woken: crate::sync::atomic::AtomicBool,
        parent: Arc<Parent>,
    }
    impl Wake for Child {
        fn wake(self: Arc<Self>) {
            self.woken
                .store(true, crate::sync::atomic::Ordering::SeqCst);
            let waker = self.parent.waker.lock().unwrap().clone();
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
    let parent = Arc::new(Parent {
        waker: Mutex::new(None),
    });
    let child = || {
        Arc::new(Child {
            woken: crate::sync::atomic::AtomicBool::new(true),
            parent: Arc::clone(&parent),
        })
    };
    let (a_child, b_child) = (child(), child());
    let (a_waker, b_waker) = (
        Waker::from(Arc::clone(&a_child)),
        Waker::from(Arc::clone(&b_child)),
    );
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut a_out, mut b_out) = (None, None);

    poll_fn(|cx| {
        *parent.waker.lock().unwrap() = Some(cx.waker().clone());
        if a_out.is_none()
            && a_child
                .woken
                .swap(false, crate::sync::atomic::Ordering::SeqCst)
            && let Poll::Ready(output) = a.as_mut().poll(&mut Context::from_waker(&a_waker))
        {
            a_out = Some(output);
        }
        if b_out.is_none()
            && b_child
                .woken
                .swap(false, crate::sync::atomic::Ordering::SeqCst)
            && let Poll::Ready(output) = b.as_mut().poll(&mut Context::from_waker(&b_waker))
        {
            b_out = Some(output);
        }
        if a_out.is_some() && b_out.is_some() {
            cx.waker().wake_by_ref();
        }
        if a_out.is_some() && b_out.is_some() {
            Poll::Ready((a_out.take().unwrap(), b_out.take().unwrap()))
        } else {
            Poll::Pending
        }
    })
    .await
}
