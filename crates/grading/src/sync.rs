//! Locks, atomics and threads for primitives that an exercise makes by hand.
//!
//! They are the standard library's. With the feature `loom` they can also be explored: inside
//! `grading::every_interleaving` the same types are those of
//! [loom](https://docs.rs/loom), which runs a closure once for every order in which its threads can take
//! their steps. So one answer is graded in virtual time and under every interleaving, and it is compiled once.
//!
//! A value belongs to the side on which it was made: one made inside a model stays there.
//!
//! ```
//! use grading::sync::Mutex;
//! use grading::sync::atomic::{AtomicUsize, Ordering};
//!
//! let next = AtomicUsize::new(1);
//! let tickets = Mutex::new(vec![next.fetch_add(1, Ordering::Relaxed)]);
//! tickets.lock().unwrap().push(next.fetch_add(1, Ordering::Relaxed));
//! assert_eq!(*tickets.lock().unwrap(), [1, 2]);
//! ```
//!
//! `Arc` is always the standard library's: a [`Waker`](std::task::Waker) is made of one, and no interleaving
//! of reference counts can go wrong in safe code.

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
