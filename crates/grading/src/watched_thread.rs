//! Waiting until a thread of an answer has nothing left to do.

use std::time::Duration;

use crate::clock::ms;
use crate::run::Sleeper;

/// How often it is looked at. A thread that can run does so within this many turns, however busy the machine is.
const LOOKS: u32 = 100;

/// Between two looks the thread gets a turn.
const TURN: Duration = ms(1);

/// A thread of the system, and whether it rests.
///
/// That a thread does *not* do something cannot be awaited. But a thread that sleeps in a call that waits for others, such as
/// `blocking_send` on a full channel, does nothing until one of them acts. So a test lets it go on, waits until it sleeps,
/// and then looks at what it has done.
///
/// ```
/// use std::sync::mpsc;
///
/// use grading::WatchedThread;
///
/// let (to_test, from_thread) = mpsc::channel();
/// let (full, received) = mpsc::sync_channel(2);
/// std::thread::spawn(move || {
///     to_test.send(WatchedThread::current()).unwrap();
///     while full.send("a line").is_ok() {}
/// });
/// from_thread.recv().unwrap().wait_until_it_rests();
/// assert_eq!(received.try_iter().take(2).count(), 2);
/// ```
#[derive(Debug, Clone)]
pub struct WatchedThread {
    thread: Sleeper,
}

impl WatchedThread {
    /// The calling thread.
    pub fn current() -> Self {
        Self {
            thread: Sleeper::this_thread(),
        }
    }

    /// Blocks until the thread sleeps or has ended.
    ///
    /// On Linux the system tells. On other systems, and for a thread that never sleeps, it gives the thread a hundred turns.
    /// If that were not enough, a wrong answer would pass, and never a right one fail.
    ///
    /// It has to be called on a thread that may block: in [`outside_runtime`](crate::outside_runtime).
    pub fn wait_until_it_rests(&self) {
        let mut thread = self.thread.clone();
        for _ in 0..LOOKS {
            if thread.has_slept() {
                return;
            }
            #[expect(
                clippy::disallowed_methods,
                reason = "the thread that is watched needs the processor, and no event tells when it rests"
            )]
            std::thread::sleep(TURN);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::WatchedThread;

    #[test]
    fn a_thread_rests_when_it_waits_for_a_message() {
        let (to_test, from_thread) = mpsc::channel();
        let (more, wait) = mpsc::channel::<()>();
        let thread = thread::spawn(move || {
            let _ = to_test.send(WatchedThread::current());
            let _ = wait.recv();
        });
        let watched = from_thread.recv().expect("it has sent itself");
        watched.wait_until_it_rests();
        drop(more);
        thread.join().expect("it does not panic");
    }

    #[test]
    fn a_thread_that_has_ended_rests() {
        let thread = thread::spawn(WatchedThread::current);
        let watched = thread.join().expect("it does not panic");
        watched.wait_until_it_rests();
    }
}
