//! Cancellation: parts of a server that lose nothing when their futures are dropped.
//!
//! The future of each function here may be dropped at any `.await`, and its contract has to hold all the same.

use std::io;
use std::time::Duration;

use tokio::io::AsyncRead;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Reads the lines of a text protocol.
pub struct LineReader<R> {
    // Replace this field with your own.
    _reader: std::marker::PhantomData<R>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// Creates a `LineReader` that reads from `reader`. The first byte of `reader` is the beginning of a line.
    pub fn new(reader: R) -> Self {
        todo!()
    }

    /// Returns the next line without its `\n`, as soon as that `\n` has arrived, or `None` at the end of the input.
    ///
    /// Only the `\n` is removed: spaces, tabs and `\r` belong to the line, and an empty line is a line. Text after the
    /// last `\n` is the last line; if there is none, no empty line follows. A line may have any length. Bytes that are
    /// not UTF-8 are replaced, as by `String::from_utf8_lossy` on the whole line. After the end, each further call
    /// returns `None` again. (A `reader` that has more bytes after its end is not tested.)
    ///
    /// # Errors
    ///
    /// The errors of `reader`. No byte is lost: the next call continues where this one stopped. An error of the kind
    /// `Interrupted` may be returned or ignored.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, no byte is lost: the next call continues where this one stopped.
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        todo!()
    }
}

/// Forwards messages from two channels into a third, preferring urgent ones, until both inputs are closed and empty
/// or `output` is closed.
///
/// - An urgent message goes first if there is one. But after three or more urgent messages in a row, an ordinary
///   message goes first if there is one. This also holds for messages that arrive at the same instant.
/// - An ordinary message, whenever it is forwarded, resets the count. A new call starts at zero: it does not know which
///   messages a call before it has forwarded.
/// - The messages of each input keep their order.
/// - A message stays in its input until `output` has a slot for it. Which one goes first is decided then.
/// - When both inputs are closed and empty, it returns. It may wait for a slot in `output` before it does.
/// - When `output` is closed, it returns at that instant, also while it waits for a message. From then on it receives
///   nothing from the inputs.
/// - It closes none of the channels.
///
/// # Cancel safety
///
/// If the future is dropped, no message is lost: each is still in its input, or has been sent to `output`.
pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    todo!()
}

/// Does `work` for at most `limit`, and handles messages in the meantime.
///
/// The deadline is `limit` after the first poll; there is none if `limit` is `Duration::MAX`. Each message from
/// `messages` is passed to `handle` at the instant it arrives. A message neither restarts `work` nor moves the deadline.
/// If `messages` is closed, the work goes on, with the same deadline.
///
/// Returns the output of `work` at the instant it is ready, or `None` at the deadline. If `work` is ready at the very
/// instant of the deadline, its output is returned: with a `limit` of zero, `work` is polled once. Waiting messages
/// delay neither; those that have not been handled by then stay in the channel, which is not closed. When the function
/// has returned, `work` has been dropped.
///
/// # Cancel safety
///
/// If the future is dropped, so is `work`. No message is lost: each has been handled, or is still in the channel.
pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    todo!()
}

/// Awaits `query`. If it is not ready `slow_after` after the first poll, runs `report` as well, concurrently with
/// `query`. If it is ready at that very instant, either is right. `slow_after` may be any duration, even `Duration::MAX`.
///
/// Both may need the same resource, such as the lock of a connection that they share. This function does not know
/// about it, and has to return even so. It polls each future only until it is ready, and drops neither before that.
///
/// Returns the output of `query`: at the instant `query` is ready if `report` has not started, or else at the instant
/// both are ready.
///
/// # Cancel safety
///
/// If the future is dropped, so are `query` and `report`.
pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    todo!()
}

/// How many tasks ended, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TaskCounts {
    /// The tasks that ran to their end, before the shutdown or after it
    pub completed: usize,
    /// The tasks that were aborted after the grace period, or panicked
    pub failed: usize,
}

/// Handles each request in a task of its own until `shutdown` is cancelled, and then shuts down gracefully.
///
/// - When a request arrives, `handle(request, token)` is spawned at that instant. Each task has a token of its own,
///   which is cancelled with `shutdown`; a task that cancels its token affects no other task.
/// - If `requests` is closed, it waits for `shutdown` all the same.
/// - From the instant `shutdown` is cancelled, it receives nothing from `requests`. If that was before the call, no
///   request is handled.
/// - All tasks together have `grace` from that instant on to end. Those that are left after that are aborted; there are
///   none if `grace` is `Duration::MAX`.
/// - After the shutdown it returns as soon as all tasks have ended, also those that were aborted, and never before.
/// - A task that panics affects no other task, and counts as failed. A task that runs to its end counts as completed,
///   even if it does so at the instant at which the rest is aborted.
/// - It does not cancel `shutdown` itself.
///
/// # Cancel safety
///
/// If the future is dropped, all tasks are aborted. Requests that have not been handled are still in the channel.
pub async fn graceful_shutdown<F>(
    requests: &mut mpsc::Receiver<u32>,
    handle: impl Fn(u32, CancellationToken) -> F,
    shutdown: CancellationToken,
    grace: Duration,
) -> TaskCounts
where
    F: Future<Output = ()> + Send + 'static,
{
    todo!()
}

/// Does `work` in a task of its own, spawned on `tasks`, and returns its output.
///
/// The task is spawned at the first poll. From then on the work runs to its end, exactly once, even if the future of
/// this function is dropped or no longer polled. The function waits for no other task of `tasks`, and neither closes
/// nor reopens it: a closed tracker takes new tasks as well.
///
/// # Panics
///
/// If `work` panics, with the same payload.
///
/// # Cancel safety
///
/// If the future is dropped after its first poll, the work goes on, and its output is lost.
pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    todo!()
}
