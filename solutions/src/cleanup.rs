//! Cleanup: connections that are closed for dropped owners, services with an order, a transaction, and a writer that
//! acknowledges.
//!
//! A destructor cannot wait, so it hands what it owns to a task that can. An `Option` in the guard says whether that has
//! happened: whatever takes the value out is responsible for it.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncWrite, AsyncWriteExt, BufWriter};
use tokio::sync::{Mutex, OwnedMutexGuard, mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A connection to a server that has to be told when its client leaves.
pub trait Connection: Send + 'static {
    /// Tells the server that its client leaves, and waits for the answer.
    fn close(self) -> impl Future<Output = io::Result<()>> + Send;
}

/// A connection to close, and the caller that waits for the result, if there is one.
struct Closing<C> {
    connection: C,
    result: Option<oneshot::Sender<io::Result<()>>>,
}

impl<C: Connection> Closing<C> {
    /// Returns whether the connection has closed without an error.
    async fn close(self) -> bool {
        let result = self.connection.close().await;
        let is_ok = result.is_ok();
        if let Some(caller) = self.result {
            let _ = caller.send(result); // fails if the caller was dropped
        }
        is_ok
    }
}

/// Closes connections in a task of its own, the owner task. Each guard has a `Closer` for the same owner task.
pub struct Closer<C> {
    /// Unbounded, because a destructor cannot wait for a place.
    closing: mpsc::UnboundedSender<Closing<C>>,
}

impl<C: Connection> Closer<C> {
    /// Creates a `Closer`, and spawns its owner task, which ends when the `Closer` and all its guards are gone and all
    /// connections are closed. Its output is the number of connections that failed to close.
    pub fn spawn() -> (Self, JoinHandle<usize>) {
        let (closing, rx) = mpsc::unbounded_channel();
        (Self { closing }, tokio::spawn(close_all(rx)))
    }

    /// Returns a guard for `connection`, with a `Closer` of its own.
    pub fn guard(&self, connection: C) -> Guard<C> {
        let closing = self.closing.clone();
        Guard {
            connection: Some(connection),
            closer: Self { closing },
        }
    }

    /// Hands `connection` over, and does not wait. It needs no runtime.
    fn close_later(&self, connection: C) {
        self.hand_over(connection, None);
    }

    /// Hands `connection` over, and returns at the instant at which it is closed.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped after its first poll, the connection is closed even so, and the result is lost.
    async fn close(&self, connection: C) -> io::Result<()> {
        let (result, closed) = oneshot::channel();
        self.hand_over(connection, Some(result));
        closed.await.expect("closing the connection panicked")
    }

    fn hand_over(&self, connection: C, result: Option<oneshot::Sender<io::Result<()>>>) {
        // Fails if the owner task is gone, and with it the runtime.
        let _ = self.closing.send(Closing { connection, result });
    }
}

/// A connection that is closed once: by [`Guard::close`], or when the guard is dropped, on any thread.
pub struct Guard<C: Connection> {
    connection: Option<C>,
    closer: Closer<C>,
}

impl<C: Connection> Guard<C> {
    /// Closes the connection, and returns at the instant at which it is closed.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the connection is closed even so, and the result is lost.
    pub async fn close(mut self) -> io::Result<()> {
        match self.connection.take() {
            Some(connection) => self.closer.close(connection).await,
            None => Ok(()), // never: only `close` and `drop` take it
        }
    }
}

impl<C: Connection> Drop for Guard<C> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.closer.close_later(connection);
        }
    }
}

/// Closes all connections at the same time, until every sender is gone. Returns how many failed to close.
async fn close_all<C: Connection>(mut closing: mpsc::UnboundedReceiver<Closing<C>>) -> usize {
    let mut closings = JoinSet::new();
    let mut failed = 0;
    loop {
        tokio::select! {
            // A panic is a failure, too.
            Some(closed) = closings.join_next() => failed += usize::from(!closed.unwrap_or(false)),
            next = closing.recv() => match next {
                Some(next) => {
                    closings.spawn(next.close());
                }
                None => break,
            },
        }
    }
    while let Some(closed) = closings.join_next().await {
        failed += usize::from(!closed.unwrap_or(false));
    }
    failed
}

/// A part of a program that has to be started before its successors and stopped after them.
pub trait Service {
    /// Starts the service. If it fails, there is nothing to stop.
    fn start(&mut self) -> impl Future<Output = Result<(), String>>;

    /// Stops the service.
    fn stop(&mut self) -> impl Future<Output = Result<(), String>>;
}

/// A service that did not stop as it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StopError {
    /// `stop` returned this error.
    Failed(String),
    /// `stop` took longer than its limit.
    TimedOut,
}

/// How the services of a program ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ended {
    /// The error of the service that failed to start.
    pub start_error: Option<String>,
    /// The services that did not stop as they should, in the order in which they were stopped: their indices in
    /// `services`, and what happened.
    pub stop_errors: Vec<(usize, StopError)>,
}

/// Services that are dropped in reverse order. A `Vec` drops its elements from front to back.
struct InReverse<S>(Vec<S>);

impl<S> Drop for InReverse<S> {
    fn drop(&mut self) {
        while self.0.pop().is_some() {}
    }
}

/// Starts `services`, waits until `shutdown` is cancelled, and stops those that have started in reverse order.
///
/// # Cancel safety
///
/// If the future is dropped, no service is stopped. They are dropped in reverse order.
pub async fn run_services<S: Service>(
    services: Vec<S>,
    shutdown: CancellationToken,
    stop_limit: Duration,
) -> Ended {
    let mut services = InReverse(services);
    let mut ended = Ended::default();
    let mut started = 0;
    for service in &mut services.0 {
        if shutdown.is_cancelled() {
            break;
        }
        if let Err(error) = service.start().await {
            ended.start_error = Some(error);
            break;
        }
        started += 1;
    }
    if ended.start_error.is_none() {
        shutdown.cancelled().await;
    }

    while let Some(mut service) = services.0.pop() {
        let index = services.0.len();
        if index >= started {
            continue;
        }
        let error = match timeout(stop_limit, service.stop()).await {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => StopError::Failed(error),
            Err(_elapsed) => StopError::TimedOut,
        };
        ended.stop_errors.push((index, error));
    }
    ended
}

/// An error of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DbError(pub String);

/// A connection to a database.
pub trait Database: Send + 'static {
    /// Begins a transaction. If it fails, there is nothing to roll back.
    fn begin(&mut self) -> impl Future<Output = Result<(), DbError>> + Send;

    /// Commits the transaction.
    fn commit(&mut self) -> impl Future<Output = Result<(), DbError>> + Send;

    /// Rolls the transaction back.
    fn rollback(&mut self) -> impl Future<Output = Result<(), DbError>> + Send;
}

/// A transaction that has begun, or may have. It is rolled back when it is dropped.
struct Transaction<'a, D: Database> {
    /// `None` once it has failed to begin, or is on its way to the task that ends it.
    database: Option<OwnedMutexGuard<D>>,
    tasks: &'a TaskTracker,
}

/// How to end a transaction.
enum End {
    Commit,
    Rollback,
}

impl<D: Database> Transaction<'_, D> {
    /// Ends the transaction in a task of its own, which keeps the lock and goes on if its handle is dropped.
    fn end(&mut self, end: End) -> Option<JoinHandle<Result<(), DbError>>> {
        let mut database = self.database.take()?;
        Some(self.tasks.spawn(async move {
            let committed = match end {
                End::Commit => database.commit().await,
                End::Rollback => return database.rollback().await,
            };
            if committed.is_err() {
                let _ = database.rollback().await;
            }
            committed
        }))
    }
}

impl<D: Database> Drop for Transaction<'_, D> {
    fn drop(&mut self) {
        self.end(End::Rollback);
    }
}

/// Does `work` in a transaction of `database`: commits it if `work` returns `Ok`, and rolls it back once if `work` or the
/// commit fails.
///
/// # Cancel safety
///
/// If the future is dropped, the transaction is rolled back, or a commit that has begun goes on, in a task of `tasks`.
pub async fn transaction<D: Database, T>(
    database: &Arc<Mutex<D>>,
    tasks: &TaskTracker,
    work: impl AsyncFnOnce(&mut D) -> Result<T, DbError>,
) -> Result<T, DbError> {
    // Made before `begin` is called: the server may have begun although the answer never arrives.
    let mut transaction = Transaction {
        database: Some(Arc::clone(database).lock_owned().await),
        tasks,
    };
    let Some(database) = &mut transaction.database else {
        unreachable!("only `end` takes it");
    };
    if let Err(error) = database.begin().await {
        transaction.database = None;
        return Err(error);
    }
    let worked = work(database).await;
    let end = match worked {
        Ok(_) => End::Commit,
        Err(_) => End::Rollback,
    };
    if let Some(task) = transaction.end(end) {
        let ended = task.await.expect("a database does not panic");
        if worked.is_ok() {
            ended?;
        }
    }
    worked
}

/// How many records [`write_records`] writes before it flushes them at the latest.
pub const MAX_UNFLUSHED: usize = 100;

/// A record, and the caller that waits until it is safe.
#[derive(Debug)]
pub struct Record {
    /// Shorter than 4 KiB, and without `\n`.
    pub line: String,
    /// Receives `()` when the record has been flushed.
    pub flushed: oneshot::Sender<()>,
}

/// Writes `records` to `output`, each followed by `\n`, until `records` is closed and empty. Acknowledges them after they
/// have been flushed, and returns how many there were.
///
/// # Cancel safety
///
/// If the future is dropped, records that have not been flushed are lost, and their senders are dropped.
pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    output: W,
) -> io::Result<usize> {
    let mut output = BufWriter::new(output);
    let mut batch = Vec::with_capacity(MAX_UNFLUSHED);
    let mut written = 0;
    // Waits for one record, and takes what is there.
    while records.recv_many(&mut batch, MAX_UNFLUSHED).await > 0 {
        for record in &batch {
            output.write_all(record.line.as_bytes()).await?;
            output.write_all(b"\n").await?;
        }
        output.flush().await?;
        written += batch.len();
        for record in batch.drain(..) {
            let _ = record.flushed.send(()); // fails if the caller was dropped
        }
    }
    output.shutdown().await?;
    Ok(written)
}
