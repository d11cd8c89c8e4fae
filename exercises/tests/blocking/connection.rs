//! A connection for `ConnectionThread`, and work for it.

use std::num::NonZeroUsize;
use std::rc::Rc;

use exercises::blocking::ConnectionThread;
use futures::future::{MaybeDone, maybe_done};
use grading::{Case, join_all};

use super::*;

/// A connection that must stay on its thread. It tells where and when it is dropped.
pub(super) struct Connection {
    pub(super) opened_on: ThreadId,
    dropped: Option<oneshot::Sender<ThreadId>>,
    _not_send: Rc<()>,
}

impl Connection {
    pub(super) fn open(dropped: oneshot::Sender<ThreadId>) -> Self {
        Self {
            opened_on: thread::current().id(),
            dropped: Some(dropped),
            _not_send: Rc::new(()),
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(dropped) = self.dropped.take() {
            let _ = dropped.send(thread::current().id());
        }
    }
}

/// Checks what the thread of an answer has told: whether it is one of a runtime.
fn check_is_no_thread_of_a_runtime(is_one: bool) {
    check(!is_one, || {
        Failure::new("The connection should be used on a thread of its own; the thread is one of a runtime.")
            .usually(
                "that it was started with `spawn_blocking`, so that a runtime waits for it when it is shut down, or that it runs \
                 a runtime of its own.",
            )
            .read(CONNECTION)
    });
}

/// Awaits that work of [`occupy`] has started.
pub(super) async fn has_started(started: oneshot::Receiver<bool>) {
    let is_in_a_runtime = must_end(started, not_started()).await;
    check_is_no_thread_of_a_runtime(is_in_a_runtime == Ok(true));
}

pub(super) fn capacity(case: &Case) -> NonZeroUsize {
    let capacity = case.size("capacity", 1..=100);
    NonZeroUsize::new(capacity).expect("it is 1 or more")
}

pub(super) fn start(
    capacity: NonZeroUsize,
) -> (ConnectionThread<Connection>, oneshot::Receiver<ThreadId>) {
    let (tx, dropped) = oneshot::channel();
    (
        ConnectionThread::start(|| Connection::open(tx), capacity),
        dropped,
    )
}

/// Work that occupies the thread until the gate is opened.
pub(super) fn occupy(
    gate: Gate,
) -> (
    impl FnOnce(&mut Connection) + Send + use<>,
    oneshot::Receiver<bool>,
) {
    let (started_tx, started) = oneshot::channel();
    let work = move |_connection: &mut Connection| {
        let _ = started_tx.send(is_in_a_runtime());
        gate.wait();
    };
    (work, started)
}

/// A call that may be polled by hand first, and awaited also if it was ready then.
pub(super) fn polled_by_hand<F: Future>(call: F) -> Pin<Box<MaybeDone<F>>> {
    Box::pin(maybe_done(call))
}

pub(super) async fn results_of<F: Future>(
    mut calls: Vec<Pin<Box<MaybeDone<F>>>>,
) -> Vec<F::Output> {
    must_end(join_all(&mut calls), no_result()).await;
    let results = calls
        .iter_mut()
        .filter_map(|call| call.as_mut().take_output());
    results.collect()
}

fn not_started() -> Failure {
    Failure::new("The thread is free, so the work should start; it does not.")
        .usually(
            "that the thread has ended or waits for something else than work, or that the call waits for room although less than \
             `capacity` pieces wait.",
        )
        .read(CONNECTION)
}

pub(super) fn no_result() -> Failure {
    Failure::new("The thread is free, so the call should end; it does not.")
        .usually(
            "that the call is not told that its work is gone: the sender of its result is kept, or the queue of a thread that \
             has ended is.",
        )
        .read(CONNECTION)
}

pub(super) fn not_dropped(since: &str) -> Failure {
    Failure::new(format!(
        "{since}, so the connection should be dropped, on its thread; it is not."
    ))
    .read(CONNECTION)
}

/// What there is about a connection of which no clone is left.
pub(super) fn no_end() -> Failure {
    not_dropped("The last clone was dropped")
        .usually("that the thread never ends, because it owns a sender of its own queue or waits for something else.")
}

pub(super) const WAITING: &str = "A call whose work waits for the thread";
