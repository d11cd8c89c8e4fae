//! Locks, atomics and threads for the primitives that an exercise builds by hand.
//!
//! They are the standard library's. With the feature `loom` they can also be explored: inside
//! `grading::every_interleaving` the same types are those of [loom](https://docs.rs/loom), which runs a closure
//! once for every interleaving of its threads' steps. So one answer is graded in virtual time and in every
//! interleaving, and is compiled once.
//!
//! A value made inside a model can be used only in that model.
//!
//! ```
//! use grading::sync::Mutex;
//! use grading::sync::atomic::{AtomicUsize, Ordering};
//!
//! let next = AtomicUsize::new(1);
//! let ids = Mutex::new(vec![next.fetch_add(1, Ordering::Relaxed)]);
//! ids.lock().unwrap().push(next.fetch_add(1, Ordering::Relaxed));
//! assert_eq!(*ids.lock().unwrap(), [1, 2]);
//! ```
//!
//! `Arc` is always the standard library's: a [`Waker`](std::task::Waker) is made of one, and in safe code no
//! interleaving can corrupt reference counts.

pub use std::sync::Arc;

#[cfg(not(feature = "loom"))]
pub use std::sync::{Condvar, Mutex, MutexGuard, atomic};
#[cfg(not(feature = "loom"))]
pub use std::thread;

#[cfg(feature = "loom")]
pub mod atomic;
#[cfg(feature = "loom")]
mod condvar;
#[cfg(feature = "loom")]
mod mutex;
#[cfg(feature = "loom")]
pub mod thread;

#[cfg(feature = "loom")]
pub use condvar::Condvar;
#[cfg(feature = "loom")]
pub use mutex::{Mutex, MutexGuard};
