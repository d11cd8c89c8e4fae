//! Which locks the threads of a model hold, and which one each of them waits for: the evidence for why a lock is never
//! released.

use std::cell::RefCell;

use loom::thread::{ThreadId, current};

/// Where a lock is. It does not move while it is held or waited for.
type Place = usize;

#[derive(Default)]
struct Locks {
    held: Vec<(ThreadId, Place)>,
    wanted: Vec<Wanted>,
    waking: Vec<Waking>,
}

/// A lock that a thread waits for.
struct Wanted {
    by: ThreadId,
    lock: Place,
    /// Whether a waker wants it that the thread called while it held this lock.
    for_a_woken_task: bool,
}

/// A thread that is calling a waker, and the locks that it held when it called it.
struct Waking {
    thread: ThreadId,
    under: Vec<Place>,
}

thread_local! {
    /// Of the model that this thread of the operating system runs.
    static LOCKS: RefCell<Locks> = RefCell::default();
}

/// Why a lock that a thread waits for is never released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NeverReleased {
    /// The thread holds it itself and calls a waker, which needs it.
    ForAWokenTask,
    /// The thread holds it itself.
    LockedTwice,
    /// Its holder waits for another lock, and so on, until one waits for a lock of the first.
    InACircle,
    /// Its holder waits for something that is no lock, or has ended.
    ByAnother,
}

/// At the begin of each interleaving no lock is held.
pub(crate) fn forget_all() {
    LOCKS.take();
}

/// The lock at `place` is held from now on by this thread of the model.
pub(crate) fn is_taken(place: Place) {
    LOCKS.with_borrow_mut(|locks| locks.held.push((current().id(), place)));
}

pub(crate) fn is_released(place: Place) {
    LOCKS.with_borrow_mut(|locks| locks.held.retain(|(_, held)| *held != place));
}

/// Calls `wait`, which may wait for the lock at `place`.
pub(crate) fn while_wanted<T>(place: Place, wait: impl FnOnce() -> T) -> T {
    let thread = current().id();
    LOCKS.with_borrow_mut(|locks| {
        let mut waking = locks.waking.iter();
        let for_a_woken_task =
            waking.any(|waking| waking.thread == thread && waking.under.contains(&place));
        locks.wanted.push(Wanted {
            by: thread,
            lock: place,
            for_a_woken_task,
        });
    });
    let waited = wait();
    LOCKS.with_borrow_mut(|locks| locks.wanted.retain(|wanted| wanted.by != thread));
    waited
}

/// Calls `wake`, which is what a waker does in a model.
pub(crate) fn while_waking<T>(wake: impl FnOnce() -> T) -> T {
    let thread = current().id();
    LOCKS.with_borrow_mut(|locks| {
        let held = locks.held.iter().filter(|(holder, _)| *holder == thread);
        let under = held.map(|(_, place)| *place).collect();
        locks.waking.push(Waking { thread, under });
    });
    let woken = wake();
    LOCKS.with_borrow_mut(|locks| {
        let latest = locks
            .waking
            .iter()
            .rposition(|waking| waking.thread == thread);
        latest.map(|latest| locks.waking.remove(latest))
    });
    woken
}

/// Why threads still wait for locks, if any do.
pub(crate) fn never_released() -> Option<NeverReleased> {
    LOCKS.with_borrow(|locks| {
        let own = |wanted: &&Wanted| locks.held.contains(&(wanted.by, wanted.lock));
        if let Some(wanted) = locks.wanted.iter().find(own) {
            return Some(if wanted.for_a_woken_task {
                NeverReleased::ForAWokenTask
            } else {
                NeverReleased::LockedTwice
            });
        }
        let circle = locks
            .wanted
            .iter()
            .any(|wanted| locks.is_in_a_circle(wanted));
        if circle {
            return Some(NeverReleased::InACircle);
        }
        (!locks.wanted.is_empty()).then_some(NeverReleased::ByAnother)
    })
}

impl Locks {
    fn is_in_a_circle(&self, first: &Wanted) -> bool {
        let mut lock = first.lock;
        for _ in &self.wanted {
            let Some((holder, _)) = self.held.iter().find(|(_, held)| *held == lock) else {
                return false;
            };
            if *holder == first.by {
                return true;
            }
            match self.wanted.iter().find(|wanted| wanted.by == *holder) {
                Some(wanted) => lock = wanted.lock,
                None => return false,
            }
        }
        false
    }
}
