//! Cancellation: the tube post of a large library, in which nothing may get lost.
//!
//! For every function here: its future may be dropped wherever it waits, and the contract holds all the same.

use std::io;
use std::time::Duration;

use tokio::io::AsyncRead;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Reads lines from a tube.
pub struct LineReader<R> {
    // Your fields in place of this one.
    _reader: std::marker::PhantomData<R>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// A reader at the beginning of a line.
    pub fn new(reader: R) -> Self {
        todo!()
    }

    /// The next line without its `\n`, as soon as that has arrived; `None` at the end.
    ///
    /// What stands behind the last `\n` is a line, if it is not empty. Bytes that are no UTF-8 are replaced, as by
    /// `String::from_utf8_lossy`. An error of the tube is returned.
    /// If a call is dropped, or fails, no byte is lost: the next call goes on from there.
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        todo!()
    }
}

/// Moves slips from two tubes into a third.
///
/// Urgent slips go first. But after three urgent ones in a row, an ordinary one that is there goes next. Each tube keeps
/// its order.
/// It ends when both tubes are finished (it may wait for a place in the third before that); and at once when nobody
/// receives any more, and takes no slip then.
/// If it is dropped, no slip is lost: each is in one of the three tubes.
pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    onward: &mpsc::Sender<String>,
) {
    todo!()
}

/// Does `work` for at most `time`, counted from the first poll, and answers the bell meanwhile.
///
/// Each number that comes over `bell` is given to `answer` at its instant. That neither begins the work anew nor moves
/// the deadline. If nobody can ring any more, the work goes on.
/// Returns the output of `work` at the instant when it is ready; at the deadline `None`. Work that is ready at the
/// deadline counts.
/// If it is dropped, so is the work, and a ring that was not answered is still in the channel.
pub async fn attend<F: Future>(
    work: F,
    bell: &mut mpsc::Receiver<u32>,
    mut answer: impl FnMut(u32),
    time: Duration,
) -> Option<F::Output> {
    todo!()
}

/// Awaits `fetch`. If it is not ready after `patience`, `note` begins, beside it.
///
/// Both may need the same lift, a lock that you don't see. Each of them runs at most once, and to its end.
/// Returns what `fetch` gives: at its instant if no note has begun, or else when both are ready.
/// If it is dropped, so is what has begun.
pub async fn fetch_with_note<F: Future>(
    fetch: F,
    patience: Duration,
    note: impl Future<Output = ()>,
) -> F::Output {
    todo!()
}

/// How many orders ended, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Closed {
    /// They came to their end by themselves, asked to stop or not
    pub served: usize,
    /// They were dropped when the patience was over, or panicked
    pub stopped: usize,
}

/// Serves each order on a task of its own, `serve(order, token)`, until `stop` is cancelled.
///
/// From then on it takes no order out of the channel. Each task is asked by its token, and has `patience` to come to its
/// end. What is left then is dropped. A task that cancels its own token asks nobody else.
/// Returns as soon as all tasks are gone, and not before.
/// If it is dropped, all tasks are stopped.
pub async fn reading_room<F>(
    orders: &mut mpsc::Receiver<u32>,
    serve: impl Fn(u32, CancellationToken) -> F,
    stop: CancellationToken,
    patience: Duration,
) -> Closed
where
    F: Future<Output = ()> + Send + 'static,
{
    todo!()
}

/// Does `work`, begun at the first poll, on a task of its own that `tasks` knows, and returns its output.
///
/// Once it has begun it is done to its end, once, also if the caller is dropped or does not poll. If it panics, so does
/// the caller, with the same panic.
pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    todo!()
}
