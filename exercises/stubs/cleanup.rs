//! Cleanup: connections that are closed for dropped owners, services with an order, a transaction, and a writer that
//! acknowledges.
//!
//! The future of each function here may be dropped at any `.await`, and its contract has to hold all the same.

use std::io;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWrite;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A connection to a server that has to be told when its client leaves.
pub trait Connection: Send + 'static {
    /// Tells the server that its client leaves, and waits for the answer.
    fn close(self) -> impl Future<Output = io::Result<()>> + Send;
}

/// Closes connections in a task of its own, the owner task. Each guard has a `Closer` for the same owner task.
///
/// Every connection that is handed over, by [`Guard::close`] or because a guard is dropped, is closed in the same way:
/// [`Connection::close`] is called once, at that instant, and awaited to its end. Any number of connections may be closed
/// at the same time: none of them waits for another. If one of them panics, the others are closed even so.
pub struct Closer<C> {
    // Replace this field with your own.
    _connection: PhantomData<C>,
}

impl<C: Connection> Closer<C> {
    /// Creates a `Closer`, and spawns its owner task. It is called inside a runtime.
    ///
    /// The owner task ends at the instant at which this `Closer` and all its guards are gone and all connections are
    /// closed, even if its handle has been dropped. Its output is the number of connections that failed to close: they
    /// returned an error, or panicked.
    pub fn spawn() -> (Self, JoinHandle<usize>) {
        todo!()
    }

    /// Returns a guard for `connection`, with a `Closer` of its own. It works as before if this `Closer` is dropped.
    pub fn guard(&self, connection: C) -> Guard<C> {
        todo!()
    }

    /// Hands `connection` over, and does not wait. [`Guard`] calls this when it is dropped, which may be on a thread
    /// outside of the runtime.
    fn close_later(&self, connection: C) {
        todo!()
    }

    /// Hands `connection` over, and returns at the instant at which it is closed. [`Guard::close`] calls this.
    ///
    /// # Errors
    ///
    /// The error of [`Connection::close`].
    ///
    /// # Panics
    ///
    /// If [`Connection::close`] panics. The message may be another one.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped after its first poll, the connection is closed even so, and the result is lost.
    async fn close(&self, connection: C) -> io::Result<()> {
        todo!()
    }
}

/// A connection that is closed once: by [`Guard::close`], or when the guard is dropped. There is nothing to do here.
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

/// Starts `services`, waits until `shutdown` is cancelled, and stops them in reverse order.
///
/// - Services are started in the order of `services`, each when the one before it has started.
/// - If a service fails to start, no other one is started, and it does not wait for `shutdown`.
/// - If `shutdown` is cancelled while a service is starting, that service is started to the end, and no other one is
///   started. If it is cancelled at the instant at which a start ends, either is right. If it was cancelled before the
///   call, no service is started.
/// - It waits for `shutdown` even if there are no services.
/// - All services that have started are stopped, and no others: the last one first, each when the one before it has
///   stopped, whatever came of that.
/// - A `stop` that is not ready after `stop_limit` is dropped at that instant. One that is ready exactly at that instant
///   is in time: with a limit of zero, `stop` is polled once. `stop_limit` may be any duration, even `Duration::MAX`.
/// - Returns at the instant at which the last service has stopped.
/// - However the function ends, the services are dropped in reverse order of `services`, started or not.
///
/// Services do not panic.
///
/// # Cancel safety
///
/// If the future is dropped, no service is stopped. They are dropped in reverse order, too. (Before its first poll, their
/// order does not matter.)
pub async fn run_services<S: Service>(
    services: Vec<S>,
    shutdown: CancellationToken,
    stop_limit: Duration,
) -> Ended {
    todo!()
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

/// Does `work` in a transaction of `database`.
///
/// - It locks `database`, and calls `begin`. If that fails, its error is returned.
/// - When `begin` has succeeded, it calls `work` with the database.
/// - If `work` returns `Ok`, it calls `commit`, and returns the value of `work` at the instant at which `commit` is ready.
/// - If `work` returns an error, it calls `rollback`, and returns that error at the instant at which `rollback` is ready.
/// - If `commit` fails, it calls `rollback`, and returns the error of `commit` at the instant at which `rollback` is ready.
/// - If `rollback` fails, that changes nothing: it is not called again.
/// - `database` is locked until the transaction is over, however it ends: the next user never sees one that is neither
///   committed nor rolled back. It is not locked any longer than that.
///
/// # Panics
///
/// If `work` panics, with the same payload. `rollback` is called even so; the panic does not have to wait for it. The
/// methods of `database` do not panic.
///
/// # Cancel safety
///
/// The future may be dropped at any point, inside the runtime:
///
/// - before it has called `begin`: then nothing is called;
/// - before it has called `commit` or `rollback`, also while `begin` is pending: then `work` is dropped, and `rollback` is
///   called once;
/// - after it has called `commit` or `rollback`: then that goes on to its end, as if the future had not been dropped.
///   If `commit` fails, `rollback` follows.
///
/// What goes on after the drop, or after a panic, is a task of `tasks`, so that a shutdown can wait for it. `tasks` may
/// be closed: a closed tracker takes new tasks as well.
pub async fn transaction<D: Database, T>(
    database: &Arc<Mutex<D>>,
    tasks: &TaskTracker,
    work: impl AsyncFnOnce(&mut D) -> Result<T, DbError>,
) -> Result<T, DbError> {
    todo!()
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

/// Writes `records` to `output`, each followed by `\n`, in their order, until `records` is closed and empty.
///
/// - It flushes `output` as soon as it has written all records that are waiting in `records`, or [`MAX_UNFLUSHED`] records
///   since the last flush, whichever comes first. So whenever it waits for a record, all others have been flushed.
///   Records that arrive while it writes or flushes belong to this flush or to the next one.
/// - `output` is not flushed more often than that. (A flush with nothing to flush does not matter.) And nothing is written
///   in small pieces: each write before the last one of a flush has 4 KiB or more, if `output` accepts that much at
///   once. `output` may accept less.
/// - When a flush is complete, and not before, `flushed` of every record in it receives `()`. A caller that does not wait
///   any more changes nothing: its record is written like any other.
/// - When `records` is closed and empty and everything is flushed, it shuts `output` down, and returns how many records it
///   has written.
///
/// # Errors
///
/// The first error of `output`. It is returned at once, nothing else is done with `output`, and the senders of all
/// records that have not been flushed are dropped. An error of the kind `Interrupted` may be returned or ignored.
///
/// # Cancel safety
///
/// If the future is dropped, records that have not been flushed are lost, and their senders are dropped. `output` is not
/// shut down.
pub async fn write_records<W: AsyncWrite + Unpin>(
    mut records: mpsc::Receiver<Record>,
    output: W,
) -> io::Result<usize> {
    todo!()
}
