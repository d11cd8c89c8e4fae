//! A waker that calls a closure.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::{Wake, Waker};

#[cfg(feature = "loom")]
use crate::{held_locks::while_waking, model::in_model};

static NEXT_ID: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// What this thread's wakers call. They are found by their id, because a waker is `Send` and the closures need
    /// not be.
    static CALLBACKS: RefCell<BTreeMap<u64, Rc<dyn Fn()>>> = const { RefCell::new(BTreeMap::new()) };
}

/// A waker that calls `on_wake`, inside `wake` and on the thread that calls it.
///
/// With it a grader finds out whether an answer holds a lock, or has done half of its work, while it calls a waker:
/// `on_wake` may use the answer again. Only the thread that has made the waker may call it. All threads of a model of
/// `every_interleaving` are one thread in this sense.
///
/// ```
/// use std::cell::Cell;
/// use std::rc::Rc;
///
/// use grading::waker_fn;
///
/// let calls = Rc::new(Cell::new(0));
/// let waker = {
///     let calls = Rc::clone(&calls);
///     waker_fn(move || calls.set(calls.get() + 1))
/// };
/// waker.wake_by_ref();
/// waker.wake();
/// assert_eq!((calls.get(), Rc::strong_count(&calls)), (2, 1));
/// ```
pub fn waker_fn(on_wake: impl Fn() + 'static) -> Waker {
    let id = NEXT_ID.fetch_add(1, Relaxed);
    CALLBACKS.with_borrow_mut(|callbacks| callbacks.insert(id, Rc::new(on_wake)));
    Waker::from(Arc::new(Callback { id }))
}

struct Callback {
    id: u64,
}

impl Wake for Callback {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        let on_wake = CALLBACKS.with_borrow(|callbacks| callbacks.get(&self.id).cloned());
        let on_wake =
            on_wake.expect("a waker of `waker_fn` is called on the thread that has made it");
        #[cfg(feature = "loom")]
        if in_model() {
            return while_waking(|| on_wake());
        }
        on_wake();
    }
}

impl Drop for Callback {
    fn drop(&mut self) {
        // On another thread, and while this one ends, there is nothing to remove.
        let removed = CALLBACKS.try_with(|callbacks| callbacks.borrow_mut().remove(&self.id));
        // The closure's destructor is foreign code, and the map is no longer borrowed.
        drop(removed);
    }
}
