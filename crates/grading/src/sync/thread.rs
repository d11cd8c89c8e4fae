//! Threads, as far as a blocking primitive needs them.

use std::sync::Arc;
use std::thread as real;

use loom::thread as model;

use crate::model::{YIELDED, in_model, step};

/// A thread that can be unparked.
#[derive(Debug, Clone)]
pub struct Thread(Side<real::Thread, Arc<Token>>);

/// A handle to wait for the end of a thread.
#[derive(Debug)]
pub struct JoinHandle<T>(Side<real::JoinHandle<T>, model::JoinHandle<T>>);

#[derive(Debug, Clone)]
enum Side<R, M> {
    Real(R),
    Model(M),
}

/// What [`park`] waits for inside a model. loom's own `unpark` continues the parked thread even if it waits for a
/// lock or for the end of another thread by then, and fails.
#[derive(Debug)]
struct Token {
    present: loom::sync::Mutex<bool>,
    available: loom::sync::Condvar,
}

loom::thread_local! {
    static TOKEN: Arc<Token> = Arc::new(Token {
        present: loom::sync::Mutex::new(false),
        available: loom::sync::Condvar::new(),
    });
}

impl Token {
    fn take(&self) {
        let mut present = self.present.lock().expect(NEVER_POISONED);
        while !*present {
            present = self.available.wait(present).expect(NEVER_POISONED);
        }
        *present = false;
    }

    fn put(&self) {
        *self.present.lock().expect(NEVER_POISONED) = true;
        self.available.notify_one();
    }
}

/// loom's locks are not poisoned, and a model ends when one of its threads panics.
const NEVER_POISONED: &str = "a lock of a model is never poisoned";

/// The calling thread.
pub fn current() -> Thread {
    Thread(if in_model() {
        Side::Model(TOKEN.with(Arc::clone))
    } else {
        Side::Real(real::current())
    })
}

/// Waits until this thread is unparked. It may also return spuriously.
pub fn park() {
    if in_model() {
        step(|| TOKEN.with(|token| token.take()));
    } else {
        real::park();
    }
}

/// Lets other threads run, and returns at once. It is not a way to wait.
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
/// If the operating system cannot start another thread.
#[track_caller]
pub fn spawn<T: Send + 'static>(body: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    spawn_boxed(Box::new(body))
}

/// `body` is boxed, so that the two ways to start a thread are compiled once for all bodies that return a `T`.
#[track_caller]
fn spawn_boxed<T: Send + 'static>(body: Box<dyn FnOnce() -> T + Send>) -> JoinHandle<T> {
    JoinHandle(if in_model() {
        Side::Model(model::spawn(|| step(body)))
    } else {
        Side::Real(real::spawn(body))
    })
}

impl Thread {
    /// Lets the thread's [`park`] return: the current one, or else the next one.
    pub fn unpark(&self) {
        match &self.0 {
            Side::Real(thread) => thread.unpark(),
            Side::Model(token) => step(|| token.put()),
        }
    }
}

impl<T> JoinHandle<T> {
    /// Waits until the thread has ended.
    ///
    /// # Errors
    ///
    /// With the payload of its panic, if it panicked.
    pub fn join(self) -> real::Result<T> {
        match self.0 {
            Side::Real(handle) => handle.join(),
            Side::Model(handle) => step(|| handle.join()),
        }
    }
}
