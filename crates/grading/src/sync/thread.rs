//! Threads, as far as a waiting primitive needs them.

use std::sync::Arc;
use std::thread as real;

use loom::thread as model;

use crate::interleaving::{in_model, step};
use crate::run::YIELDED;

/// A thread that can be woken.
#[derive(Debug, Clone)]
pub struct Thread(Side<real::Thread, Arc<Token>>);

/// A thread to wait for.
#[derive(Debug)]
pub struct JoinHandle<T>(Side<real::JoinHandle<T>, model::JoinHandle<T>>);

#[derive(Debug, Clone)]
enum Side<R, M> {
    Real(R),
    Model(M),
}

/// What one waits for in [`park`], inside a model. It is not loom's own: that lets a thread go on which is unparked,
/// even if it waits for a lock meanwhile or for the end of another thread, and falls over it.
#[derive(Debug)]
struct Token {
    is_there: loom::sync::Mutex<bool>,
    comes: loom::sync::Condvar,
}

loom::thread_local! {
    static TOKEN: Arc<Token> = Arc::new(Token {
        is_there: loom::sync::Mutex::new(false),
        comes: loom::sync::Condvar::new(),
    });
}

impl Token {
    fn take(&self) {
        let mut is_there = self.is_there.lock().expect(NEVER_POISONED);
        while !*is_there {
            is_there = self.comes.wait(is_there).expect(NEVER_POISONED);
        }
        *is_there = false;
    }

    fn put(&self) {
        *self.is_there.lock().expect(NEVER_POISONED) = true;
        self.comes.notify_one();
    }
}

/// A lock of loom tells no panic, and a model that has failed goes no further.
const NEVER_POISONED: &str = "a lock of a model is never poisoned";

/// The thread that calls this.
pub fn current() -> Thread {
    Thread(if in_model() {
        Side::Model(TOKEN.with(Arc::clone))
    } else {
        Side::Real(real::current())
    })
}

/// Waits until somebody unparks this thread, or for no reason at all.
pub fn park() {
    if in_model() {
        step(|| TOKEN.with(|token| token.take()));
    } else {
        real::park();
    }
}

/// Lets another thread have its turn. No way to wait: it comes back at once.
///
/// # Panics
///
/// Inside a model, where it fails the test.
pub fn yield_now() {
    if in_model() {
        step(|| panic!("{YIELDED}"));
    } else {
        real::yield_now();
    }
}

/// Runs `body` on a thread of its own.
///
/// # Panics
///
/// If the system has no room for one more.
#[track_caller]
pub fn spawn<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    spawn_boxed(Box::new(body))
}

/// Boxed, so that the two ways to start a thread are compiled once for all bodies that give a `T`.
#[track_caller]
fn spawn_boxed<T: Send + 'static>(body: Box<dyn FnOnce() -> T + Send>) -> JoinHandle<T> {
    JoinHandle(if in_model() {
        Side::Model(model::spawn(|| step(body)))
    } else {
        Side::Real(real::spawn(body))
    })
}

impl Thread {
    /// Ends the thread's [`park`], or the next one.
    pub fn unpark(&self) {
        match &self.0 {
            Side::Real(thread) => thread.unpark(),
            Side::Model(token) => step(|| token.put()),
        }
    }
}

impl<T> JoinHandle<T> {
    /// Waits for the thread's end.
    ///
    /// # Errors
    ///
    /// What it panicked with.
    pub fn join(self) -> real::Result<T> {
        match self.0 {
            Side::Real(handle) => handle.join(),
            Side::Model(handle) => step(|| handle.join()),
        }
    }
}
