//! Blocking: a pool for computations, a facade, a synchronous connection, and lines of standard input.
//!
//! Threads and tasks share nothing but channels and a token. A channel that closes tells the other side that it should end.

use std::any::Any;
use std::io::{self, BufRead};
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{mpsc, oneshot};
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

/// Runs `work` on a thread of the pool that `spawn` sends a job to, and returns its result.
///
/// # Cancel safety
///
/// If the future is dropped, the work is asked to stop, or is not run if it has not started.
pub async fn run_on_pool<T, F>(spawn: impl FnOnce(Job), work: F) -> Result<T, PoolError>
where
    T: Send + 'static,
    F: FnOnce(&CancellationToken) -> T + Send + 'static,
{
    let stop = CancellationToken::new();
    let _stop_when_dropped = stop.clone().drop_guard();
    let (tx, rx) = oneshot::channel();
    spawn(Box::new(move || {
        if !stop.is_cancelled() {
            // The pool's thread must survive.
            let result = catch_unwind(AssertUnwindSafe(|| work(&stop)));
            let _ = tx.send(result);
        }
    }));
    match rx.await {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(payload)) => Err(PoolError::Panicked(payload)),
        Err(_dropped) => Err(PoolError::Discarded),
    }
}

/// A facade was used inside a tokio runtime, where a blocking call would stop tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InsideRuntime;

impl InsideRuntime {
    fn check() -> Result<(), Self> {
        match Handle::try_current() {
            Ok(_runtime) => Err(Self),
            Err(_no_runtime) => Ok(()),
        }
    }
}

/// An async client for synchronous callers.
pub struct BlockingClient<C> {
    client: C,
    /// `None` only while it is dropped.
    runtime: Option<Runtime>,
}

impl<C> BlockingClient<C> {
    /// Awaits `connect` in a runtime of its own.
    pub fn connect(connect: impl Future<Output = C>) -> Result<Self, InsideRuntime> {
        InsideRuntime::check()?;
        // A `current_thread` runtime would poll the client's tasks only during a call.
        let mut builder = Builder::new_multi_thread();
        let runtime = builder.worker_threads(1).enable_all().build();
        let runtime = runtime.expect("the system should have room for one more thread");
        Ok(Self {
            client: runtime.block_on(connect),
            runtime: Some(runtime),
        })
    }

    /// Awaits `request` in the client's runtime.
    pub fn call<T>(&self, request: impl AsyncFnOnce(&C) -> T) -> Result<T, InsideRuntime> {
        InsideRuntime::check()?;
        let runtime = self.runtime.as_ref().expect("it is not being dropped");
        Ok(runtime.block_on(request(&self.client)))
    }
}

impl<C> Drop for BlockingClient<C> {
    /// Dropping a `Runtime` waits, and panics inside another runtime.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// The connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

type ConnectionJob<C> = Box<dyn FnOnce(&mut C) + Send>;

/// A synchronous connection on a thread of its own. Clones use the same connection.
pub struct ConnectionThread<C> {
    jobs: mpsc::Sender<ConnectionJob<C>>,
}

impl<C: 'static> ConnectionThread<C> {
    /// Starts the thread, which opens the connection.
    pub fn start(open: impl FnOnce() -> C + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (jobs, mut queue) = mpsc::channel::<ConnectionJob<C>>(capacity.get());
        thread::spawn(move || {
            let mut connection = open();
            while let Some(job) = queue.blocking_recv() {
                job(&mut connection);
            }
        });
        Self { jobs }
    }

    /// Runs `work` on the thread, and returns its result.
    ///
    /// # Cancel safety
    ///
    /// Work that has not started is not run if the future is dropped.
    pub async fn call<T, F>(&self, work: F) -> Result<T, Closed>
    where
        T: Send + 'static,
        F: FnOnce(&mut C) -> T + Send + 'static,
    {
        let (tx, rx) = oneshot::channel();
        let job = move |connection: &mut C| {
            if !tx.is_closed() {
                let _ = tx.send(work(connection));
            }
        };
        self.jobs.send(Box::new(job)).await.map_err(|_| Closed)?;
        rx.await.map_err(|_| Closed)
    }
}

// Derived, it would ask for `C: Clone`.
impl<C> Clone for ConnectionThread<C> {
    fn clone(&self) -> Self {
        Self {
            jobs: self.jobs.clone(),
        }
    }
}

/// The lines of a reader that blocks, such as standard input.
pub struct InputLines {
    lines: mpsc::Receiver<io::Result<String>>,
}

impl InputLines {
    /// Starts a thread that reads lines.
    pub fn new(reader: impl BufRead + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (tx, lines) = mpsc::channel(capacity.get());
        thread::spawn(move || {
            for line in reader.lines() {
                let is_last = line.is_err();
                if tx.blocking_send(line).is_err() || is_last {
                    return;
                }
            }
        });
        Self { lines }
    }

    /// The next line, or `None` at the end of the input.
    ///
    /// # Cancel safety
    ///
    /// No line is lost if the future is dropped.
    pub async fn next_line(&mut self) -> io::Result<Option<String>> {
        self.lines.recv().await.transpose()
    }
}
