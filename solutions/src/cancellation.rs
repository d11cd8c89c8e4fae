//! Cancellation: whatever is called back half-way, nothing is lost and nobody stays behind.
//!
//! Each function here may be dropped wherever it waits. Look at its cancellation points, and at what it has in its
//! hands there.

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

/// Reads lines from a tube.
pub struct LineReader<R> {
    reader: R,
    /// What has come out of the tube and is no line yet. It is here, and not in a call, because calls are dropped.
    arrived: Vec<u8>,
}

impl<R: AsyncRead + Unpin> LineReader<R> {
    /// A reader at the beginning of a line.
    pub fn new(reader: R) -> Self {
        Self {
            reader,
            arrived: Vec::new(),
        }
    }

    /// The next line without its `\n`; `None` at the end. What stands behind the last `\n` is a line, if it is not
    /// empty. Bytes that are no UTF-8 are replaced.
    ///
    /// # Errors
    ///
    /// Those of the tube. What had arrived before is kept.
    ///
    /// # Cancel safety
    ///
    /// Nothing is lost: what has arrived is kept, and the next call goes on from there.
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(end) = self.arrived.iter().position(|byte| *byte == b'\n') {
                let mut line: Vec<u8> = self.arrived.drain(..=end).collect();
                line.pop();
                return Ok(Some(text(&line)));
            }
            // The one cancellation point: `read_buf` is pending, or has put its bytes where they stay.
            if self.reader.read_buf(&mut self.arrived).await? == 0 {
                let rest = std::mem::take(&mut self.arrived);
                return Ok((!rest.is_empty()).then(|| text(&rest)));
            }
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// After so many urgent slips in a row, an ordinary one that is there goes first.
const URGENT_IN_A_ROW: u32 = 3;

/// Moves slips from two tubes into a third, urgent ones first, until both are finished or nobody receives.
///
/// # Cancel safety
///
/// No slip is lost: one is taken out of its tube when its place in the next tube is sure, and between the two there is no
/// cancellation point.
pub async fn forward(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    onward: &mpsc::Sender<String>,
) {
    let mut in_a_row = 0;
    while let Ok(place) = onward.reserve().await {
        tokio::select! {
            biased;
            () = onward.closed() => return,
            slip = next_slip(urgent, ordinary, &mut in_a_row) => match slip {
                Some(slip) => place.send(slip),
                None => return,
            },
        }
    }
}

/// The slip whose turn it is; `None` when both tubes are finished. Cancel-safe, as `recv` is: the count changes in the
/// poll that is ready.
async fn next_slip(
    urgent: &mut mpsc::Receiver<String>,
    ordinary: &mut mpsc::Receiver<String>,
    in_a_row: &mut u32,
) -> Option<String> {
    // The order is for the whole wait: both kinds may come in one instant.
    let ordinary_first = *in_a_row >= URGENT_IN_A_ROW;
    let (first, second) = match ordinary_first {
        true => (ordinary, urgent),
        false => (urgent, ordinary),
    };
    let (slip, was_first) = tokio::select! {
        biased;
        Some(slip) = first.recv() => (slip, true),
        Some(slip) = second.recv() => (slip, false),
        else => return None,
    };
    *in_a_row = if was_first == ordinary_first {
        0
    } else {
        *in_a_row + 1
    };
    Some(slip)
}

/// Does `work` for at most `time`, and answers the bell meanwhile: the work's output, or `None` at the deadline.
///
/// # Cancel safety
///
/// The work is dropped with it. No ring is lost: one that is not answered is still in the channel.
pub async fn attend<F: Future>(
    work: F,
    bell: &mut mpsc::Receiver<u32>,
    mut answer: impl FnMut(u32),
    time: Duration,
) -> Option<F::Output> {
    let mut work = pin!(work);
    let mut closing = pin!(sleep(time));
    loop {
        tokio::select! {
            biased;
            output = &mut work => return Some(output),
            () = &mut closing => return None,
            // Nobody left who could ring: the branch is out, and the others are waited for.
            Some(reader) = bell.recv() => answer(reader),
        }
    }
}

/// Awaits `fetch`, and if it is not ready after `patience`, `note` beside it.
///
/// # Cancel safety
///
/// What has begun is dropped with it.
pub async fn fetch_with_note<F: Future>(
    fetch: F,
    patience: Duration,
    note: impl Future<Output = ()>,
) -> F::Output {
    let mut fetch = pin!(fetch);
    tokio::select! {
        biased;
        book = &mut fetch => return book,
        () = sleep(patience) => {}
    }
    // `fetch` has been polled, and may have the lift, or be next in its queue. It is polled on.
    let (book, ()) = tokio::join!(fetch, note);
    book
}

/// How many orders ended, and how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Closed {
    /// They came to their end by themselves, asked to stop or not
    pub served: usize,
    /// They were dropped when the patience was over, or panicked
    pub stopped: usize,
}

impl Closed {
    fn count(&mut self, ended: Result<(), JoinError>) {
        match ended {
            Ok(()) => self.served += 1,
            Err(_) => self.stopped += 1,
        }
    }
}

/// Serves each order on a task of its own until `stop`. Then asks all tasks to end, waits for at most `patience`, and
/// drops the rest. When it returns, none of them is left.
///
/// # Cancel safety
///
/// All tasks are aborted with it. An order that is not served is still in the channel.
pub async fn reading_room<F>(
    orders: &mut mpsc::Receiver<u32>,
    serve: impl Fn(u32, CancellationToken) -> F,
    stop: CancellationToken,
    patience: Duration,
) -> Closed
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut closed = Closed::default();
    let mut serving = JoinSet::new();
    loop {
        tokio::select! {
            // However many orders there are, the stop is seen first.
            biased;
            () = stop.cancelled() => break,
            Some(ended) = serving.join_next() => closed.count(ended),
            Some(order) = orders.recv() => {
                serving.spawn(serve(order, stop.child_token()));
            }
        }
    }
    let all_gone = async {
        while let Some(ended) = serving.join_next().await {
            closed.count(ended);
        }
    };
    if timeout(patience, all_gone).await.is_err() {
        serving.abort_all();
        while let Some(ended) = serving.join_next().await {
            closed.count(ended);
        }
    }
    closed
}

/// Does `work` on a task of its own, which `tasks` knows, and gives its output. Begun at the first poll, it is done to its
/// end, whatever becomes of the caller.
///
/// # Panics
///
/// If `work` panics, with the same panic.
///
/// # Cancel safety
///
/// The work goes on. Its output is lost.
pub async fn shielded<F>(tasks: &TaskTracker, work: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    match tasks.spawn(work).await {
        Ok(output) => output,
        // Nobody else has the handle, so nobody can have aborted it.
        Err(ended) => resume_unwind(ended.into_panic()),
    }
}
