//! Blocking: a pool for computations, a facade, a synchronous connection, and lines of standard input.

use std::any::Any;
use std::io::{self, BufRead};
use std::num::NonZeroUsize;

use tokio_util::sync::CancellationToken;

/// What a thread of a pool runs.
pub type Job = Box<dyn FnOnce() + Send>;

/// Why there is no result.
#[derive(Debug)]
pub enum PoolError {
    /// The work panicked with this payload.
    Panicked(Box<dyn Any + Send>),
    /// The pool has dropped the job without running it.
    Discarded,
}

/// Runs `work` on a thread of a CPU pool, and returns its result.
///
/// `spawn` sends a job to the pool, as `rayon::spawn` does. At the first poll it is called with one job. The job calls
/// `work` once. `spawn` may run the job before it returns, let another thread run it at any time, or drop it.
///
/// - While the work waits or runs, a poll of the future does not block its thread, and the future does not wake its task.
/// - If the work panics, the error is [`PoolError::Panicked`] with the payload of that panic. The panic does not leave the
///   job, because it would end a thread of the pool.
/// - If the job is dropped before it was run, the error is [`PoolError::Discarded`].
///
/// `work` gets a token, which asks it to stop. The token is cancelled when the future is dropped before it is ready. Until
/// then it is not cancelled. Once the future is ready, it may be cancelled or not.
///
/// # Cancel safety
///
/// If the future is dropped while the work runs, the token is cancelled at once, and the result of the work is dropped. If
/// it is dropped before the job was run, the job does nothing when it is run. Dropping the future never waits.
pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    todo!()
}

/// A facade was used inside a tokio runtime, where a blocking call would stop tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InsideRuntime;

/// An async client for synchronous callers: it has a runtime of its own, and blocks its caller.
///
/// A thread is *inside a runtime* if `tokio::runtime::Handle::try_current()` is `Ok`. That includes the threads of
/// `spawn_blocking`.
///
/// It may be dropped anywhere, also inside a runtime: that never waits, and does not panic unless dropping `C` does. Tasks
/// that the client has spawned are dropped soon after that.
pub struct BlockingClient<C> {
    // Your fields in place of this one.
    _client: std::marker::PhantomData<C>,
}

impl<C> BlockingClient<C> {
    /// Starts the runtime, awaits `connect` in it, and returns the facade of the client.
    ///
    /// The runtime has timers and I/O. Between two calls, tasks that the client has spawned make progress.
    ///
    /// # Errors
    ///
    /// Inside a runtime, without polling `connect`.
    pub fn connect(connect: impl Future<Output = C>) -> Result<Self, InsideRuntime> {
        todo!()
    }

    /// Calls `request` with the client, and awaits it in the runtime in which the client was made.
    ///
    /// Several threads may call at the same time. Their requests do not wait for each other. If `request` panics, the panic
    /// continues in the caller, and later calls work as before.
    ///
    /// # Errors
    ///
    /// Inside a runtime, without calling `request`.
    pub fn call<T>(&self, request: impl AsyncFnOnce(&C) -> T) -> Result<T, InsideRuntime> {
        todo!()
    }
}

/// The connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

/// A synchronous connection on a thread of its own. Clones use the same connection, and can be sent to other threads even if
/// `C` can't.
///
/// The connection is opened, used and dropped on that thread, which is not one of a runtime. When the last clone is dropped,
/// the connection is dropped and the thread ends, after the work that has started. Dropping a clone never waits.
///
/// If opening the connection or a piece of work panics, the connection is closed: it is dropped on its thread, and this call,
/// all calls that wait, and all later ones return [`Closed`].
pub struct ConnectionThread<C> {
    // Your fields in place of this one.
    _jobs: std::marker::PhantomData<fn(C)>,
}

impl<C: 'static> ConnectionThread<C> {
    /// Starts the thread, which calls `open` once. Does not wait for it. May be called outside a runtime.
    ///
    /// At most `capacity` pieces of work wait for the thread. The one that runs is not one of them. `capacity` is at most
    /// `tokio::sync::Semaphore::MAX_PERMITS`.
    pub fn start(open: impl FnOnce() -> C + Send + 'static, capacity: NonZeroUsize) -> Self {
        todo!()
    }

    /// Runs `work` on the thread with the connection, and returns its result.
    ///
    /// While a call waits, a poll of it does not block its thread, and it does not wake its task.
    ///
    /// Work is run one piece after the other, in the order in which it found room. If `capacity` pieces wait, the future waits
    /// until there is room, and keeps its own `work`.
    ///
    /// # Errors
    ///
    /// [`Closed`] if the connection is closed before the result is there.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped before its work has started, the work is not run. It may occupy its place until it is its
    /// turn. If the future is dropped later, the work runs to its end, and its result is dropped.
    pub async fn call<T, F>(&self, work: F) -> Result<T, Closed>
    where
        T: Send + 'static,
        F: FnOnce(&mut C) -> T + Send + 'static,
    {
        todo!()
    }
}

impl<C> Clone for ConnectionThread<C> {
    fn clone(&self) -> Self {
        todo!()
    }
}

/// The lines of a reader that blocks, such as standard input.
///
/// A thread of its own reads them. It is not a thread of a runtime, so that a runtime which is shut down does not wait for
/// it. At most `capacity` + 1 lines have been read and not returned.
///
/// When it is dropped, the thread reads at most one more line: the one that it is reading, or begins to read at that moment.
/// Then it drops the reader and ends. A thread that waits for room reads no more. Dropping it never waits.
pub struct InputLines {
    // Your fields in place of this one.
    _lines: (),
}

impl InputLines {
    /// Starts the thread. Does not wait for it. May be called outside a runtime.
    ///
    /// `capacity` is at most `tokio::sync::Semaphore::MAX_PERMITS`.
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        todo!()
    }

    /// The next line, in the order of the input, as soon as it has been read. Later lines need not be there yet.
    ///
    /// While it waits for a line, a poll does not block its thread, and it does not wake its task.
    ///
    /// A line ends with `\n` or `\r\n`, which is not part of what is returned. The last line need not end. At the end of the
    /// input the result is `None`, and it stays `None`.
    ///
    /// # Errors
    ///
    /// An error of the reader is returned once, after the lines before it. It ends the input. Text before it without a line end
    /// may be returned as a line or not. A line that is not UTF-8 is an error of the kind `InvalidData`.
    ///
    /// # Cancel safety
    ///
    /// No line is lost if the future is dropped.
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        todo!()
    }
}
