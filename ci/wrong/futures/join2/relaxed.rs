//! Records which future was woken with a relaxed store, so that a poll may not see what was written before. Caught by `join2::what_came_before_a_wake_up_is_visible`, which says "`Ordering::Relaxed`".

use crate::sync::atomic::{AtomicBool, Ordering};
use futures::future::{MaybeDone, maybe_done};

struct Branch {
    woken: AtomicBool,
    parent: Arc<Mutex<Option<Waker>>>,
}

impl Wake for Branch {
    fn wake(self: Arc<Self>) {
        self.woken.store(true, Ordering::Relaxed);
        let parent = self.parent.lock().unwrap().clone();
        if let Some(parent) = parent {
            parent.wake();
        }
    }
}

fn poll_branch<F: Future>(future: Pin<&mut MaybeDone<F>>, branch: &Arc<Branch>) -> bool {
    if matches!(*future, MaybeDone::Future(_)) && branch.woken.swap(false, Ordering::Relaxed) {
        let waker = Waker::from(Arc::clone(branch));
        return future.poll(&mut Context::from_waker(&waker)).is_ready();
    }
    !matches!(*future, MaybeDone::Future(_))
}

pub async fn join2<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(maybe_done(a)), pin!(maybe_done(b)));
    let parent = Arc::new(Mutex::new(None));
    let branch = || {
        Arc::new(Branch {
            woken: AtomicBool::new(true),
            parent: Arc::clone(&parent),
        })
    };
    let branches = [branch(), branch()];
    poll_fn(|cx| {
        let old = parent.lock().unwrap().replace(cx.waker().clone());
        drop(old);
        let a_done = poll_branch(a.as_mut(), &branches[0]);
        let b_done = poll_branch(b.as_mut(), &branches[1]);
        if a_done && b_done {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    (a.take_output().unwrap(), b.take_output().unwrap())
}
