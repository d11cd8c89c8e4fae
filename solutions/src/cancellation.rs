//! Cancellation: parts of a server that lose nothing when their futures are dropped.
//!
//! The future of each function here may be dropped at any `.await`. For each of them, ask what the future owns there
//! that exists nowhere else.

use std::io;
use std::panic::resume_unwind;
use std::pin::pin;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Reads the lines of a text protocol.
pub struct LineReader<R> {
    reader: R,
    /// The bytes that have been read and not yet returned. They are stored here and not in `next_line`, because
    /// the future of a call may be dropped.
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// Creates a `LineReader` that reads from `reader`. The first byte of `reader` is the beginning of a line.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
        }
    }

    /// Returns the next line without its `\n`, or `None` at the end of the input. Text after the last `\n` is the last
    /// line. Bytes that are not UTF-8 are replaced.
    ///
    /// # Errors
    ///
    /// The errors of the reader. No byte is lost.
    ///
    /// # Cancel safety
    ///
    /// No byte is lost: the next call continues where this one stopped.
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.buffer.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
                line.pop();
                return Ok(Some(decode(&line)));
            }
            // The only cancellation point. `read_buf` is cancel-safe: if it is dropped, it has read nothing.
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                let rest = std::mem::take(&mut self.buffer);
                return Ok((!rest.is_empty()).then(|| decode(&rest)));
            }
        }
    }
}

fn decode(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// After this many urgent messages in a row, an ordinary message goes first.
const MAX_URGENT_IN_A_ROW: u32 = 3;

/// Forwards messages from two channels into a third, preferring urgent ones, until both inputs are closed and empty
/// or `output` is closed.
///
/// # Cancel safety
///
/// No message is lost: a message is received only after a slot in `output` has been reserved, and there is no `.await`
/// between receiving and sending it.
pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    output: &mpsc::Sender<String>,
) {
    let mut urgent_in_a_row = 0;
    while let Ok(slot) = output.reserve().await {
        tokio::select! {
            biased;
            () = output.closed() => return,
            message = next_message(urgent, ordinary, &mut urgent_in_a_row) => match message {
                Some(message) => slot.send(message),
                None => return,
            },
        }
    }
}

/// Receives the message whose turn it is, or `None` when both channels are closed and empty.
///
/// # Cancel safety
///
/// As cancel-safe as `recv`: the count changes only in the poll that returns the message.
async fn next_message(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    urgent_in_a_row: &mut u32,
) -> Option<String> {
    // Decided before the wait, because both kinds may arrive at the same instant.
    let ordinary_first = *urgent_in_a_row >= MAX_URGENT_IN_A_ROW;
    let (first, second) = if ordinary_first {
        (ordinary, urgent)
    } else {
        (urgent, ordinary)
    };
    let (message, was_first) = tokio::select! {
        biased;
        Some(message) = first.recv() => (message, true),
        Some(message) = second.recv() => (message, false),
        else => return None,
    };
    let was_ordinary = was_first == ordinary_first;
    *urgent_in_a_row = if was_ordinary {
        0
    } else {
        *urgent_in_a_row + 1
    };
    Some(message)
}

/// Does `work` for at most `limit`, and handles messages in the meantime. Returns the output of `work`, or `None` at
/// the deadline.
///
/// # Cancel safety
///
/// `work` is dropped. No message is lost: each has been handled, or is still in the channel.
pub async fn work_with_deadline<F: Future>(
    work: F,
    messages: &mut mpsc::Receiver<u32>,
    mut handle: impl FnMut(u32),
    limit: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut deadline = pin!(sleep(limit));
    loop {
        tokio::select! {
            biased;
            output = &mut work => return Some(output),
            () = &mut deadline => return None,
            // When the channel is closed, `None` disables this branch, and the others go on.
            Some(message) = messages.recv() => handle(message),
        }
    }
}

/// Awaits `query`, and if it is not ready after `slow_after`, `report` concurrently with it.
///
/// # Cancel safety
///
/// Both futures are dropped.
pub async fn without_futurelock<F: Future>(
    query: F,
    slow_after: Duration,
    report: impl Future<Output = ()>,
) -> F::Output {
    let mut query = pin!(query);
    tokio::select! {
        biased;
        output = &mut query => return output,
        () = sleep(slow_after) => {}
    }
    // `query` may hold the resource that `report` needs, or be next in its queue, so it has to be polled as well.
    let (output, ()) = tokio::join!(query, report);
    output
}

/// How many tasks ended, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TaskCounts {
    /// The tasks that ran to their end, before the shutdown or after it
    pub completed: usize,
    /// The tasks that were aborted after the grace period, or panicked
    pub failed: usize,
}

impl TaskCounts {
    fn add(&mut self, result: Result<(), JoinError>) {
        match result {
            Ok(()) => self.completed += 1,
            Err(_) => self.failed += 1,
        }
    }
}

/// Handles each request in a task of its own until `shutdown` is cancelled. Then it waits for the tasks for at most
/// `grace`, and aborts those that are left. When it returns, all tasks have ended.
///
/// # Cancel safety
///
/// All tasks are aborted. Requests that have not been handled are still in the channel.
pub async fn graceful_shutdown<F>(
    requests: &mut mpsc::Receiver<u32>,
    handle: impl Fn(u32, CancellationToken) -> F,
    shutdown: CancellationToken,
    grace: Duration,
) -> TaskCounts
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut counts = TaskCounts::default();
    let mut tasks = JoinSet::new();
    loop {
        tokio::select! {
            // The shutdown comes first, however many requests are waiting.
            biased;
            () = shutdown.cancelled() => break,
            Some(result) = tasks.join_next() => counts.add(result),
            Some(request) = requests.recv() => {
                tasks.spawn(handle(request, shutdown.child_token()));
            }
        }
    }
    let all_ended = async {
        while let Some(result) = tasks.join_next().await {
            counts.add(result);
        }
    };
    if timeout(grace, all_ended).await.is_err() {
        tasks.abort_all();
        while let Some(result) = tasks.join_next().await {
            counts.add(result);
        }
    }
    counts
}

/// Does `work` in a task of its own, spawned on `tasks` at the first poll, and returns its output.
///
/// # Panics
///
/// If `work` panics, with the same payload.
///
/// # Cancel safety
///
/// The work goes on, and its output is lost.
pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    match tasks.spawn(work).await {
        Ok(output) => output,
        // The task was not aborted, because no other code has its handle. So this is a panic.
        Err(error) => resume_unwind(error.into_panic()),
    }
}
