//! Stores the waker of the latest poll only while neither future has finished. Caught by `join2::wakes_the_latest_waker`, which says "the waker of the first poll was kept".

struct Side {
    woken: crate::sync::atomic::AtomicBool,
    parent: Arc<Mutex<Option<Waker>>>,
}
impl Wake for Side {
    fn wake(self: Arc<Self>) {
        self.woken
            .store(true, crate::sync::atomic::Ordering::SeqCst);
        let w = self.parent.lock().unwrap().clone();
        if let Some(w) = w {
            w.wake()
        }
    }
}
pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let parent = Arc::new(Mutex::new(None));
    let mk = || {
        Arc::new(Side {
            woken: crate::sync::atomic::AtomicBool::new(true),
            parent: parent.clone(),
        })
    };
    let (sa, sb) = (mk(), mk());
    let (wa, wb): (Waker, Waker) = (sa.clone().into(), sb.clone().into());
    let mut a = pin!(a);
    let mut b = pin!(b);
    let mut oa = None;
    let mut ob = None;
    poll_fn(|cx| {
        let old = {
            let mut p = parent.lock().unwrap();
            if oa.is_none() && ob.is_none() {
                p.replace(cx.waker().clone())
            } else {
                None
            }
        };
        drop(old);
        let pa = sa.woken.swap(false, crate::sync::atomic::Ordering::SeqCst);
        let pb = sb.woken.swap(false, crate::sync::atomic::Ordering::SeqCst);
        if pa && oa.is_none() {
            if let Poll::Ready(o) = a.as_mut().poll(&mut Context::from_waker(&wa)) {
                oa = Some(o);
            }
        }
        if pb && ob.is_none() {
            if let Poll::Ready(o) = b.as_mut().poll(&mut Context::from_waker(&wb)) {
                ob = Some(o);
            }
        }
        if oa.is_some() && ob.is_some() {
            Poll::Ready((oa.take().unwrap(), ob.take().unwrap()))
        } else {
            Poll::Pending
        }
    })
    .await
}
