//! The jobs, without HTTP and processes: futures that are dropped.

use std::path::Path;
use std::time::Duration;

use futures::FutureExt;
use service::jobs::{Job, Jobs};
use service::journal::Journal;
use tempfile::tempdir;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// Fails instead of waiting forever.
async fn within<T>(future: impl Future<Output = T>) -> T {
    let limit = Duration::from_secs(60);
    timeout(limit, future).await.expect("takes far too long")
}

async fn open(folder: &Path) -> Jobs {
    let (journal, records) = Journal::open(folder).await.expect("the journal opens");
    Jobs::new(journal, records, 10)
}

#[tokio::test]
async fn a_job_whose_client_has_gone_is_accepted_all_the_same() {
    let folder = tempdir().expect("a folder");
    let jobs = open(folder.path()).await;
    // The first poll of the call begins to store the job, and the call is dropped then.
    let submitted = jobs.submit("one two".to_owned()).now_or_never();
    assert_eq!(submitted, None);
    let stop = CancellationToken::new();
    let worker = tokio::spawn(jobs.clone().work(Duration::ZERO, stop.clone()));
    let stored = async {
        while jobs.get(1).is_none() {
            sleep(Duration::from_millis(5)).await;
        }
    };
    within(stored).await;
    assert_eq!(within(jobs.result(1)).await, Some(Job::Done { words: 2 }));
    stop.cancel();
    assert_eq!(worker.await.expect("no panic"), Ok(()));
    assert_eq!(jobs.close().await, Ok(()));
}

#[tokio::test]
async fn a_job_whose_worker_was_dropped_is_done_by_the_next_one() {
    let folder = tempdir().expect("a folder");
    let jobs = open(folder.path()).await;
    assert_eq!(jobs.submit("one two".to_owned()).await, Ok(1));
    let stop = CancellationToken::new();
    let slow = jobs.clone().work(Duration::from_secs(60), stop.clone());
    assert!(timeout(Duration::from_millis(50), slow).await.is_err());
    let worker = tokio::spawn(jobs.clone().work(Duration::ZERO, stop.clone()));
    assert_eq!(within(jobs.result(1)).await, Some(Job::Done { words: 2 }));
    let counts = jobs.counts();
    assert_eq!((counts.queued, counts.done), (0, 1));
    stop.cancel();
    assert_eq!(worker.await.expect("no panic"), Ok(()));
}

#[tokio::test]
async fn nothing_is_accepted_after_the_journal_is_closed() {
    let folder = tempdir().expect("a folder");
    let jobs = open(folder.path()).await;
    assert_eq!(jobs.clone().close().await, Ok(()));
    assert!(jobs.submit("one".to_owned()).await.is_err());
    assert_eq!((jobs.counts().queued, jobs.get(1)), (0, None));
    // Another process could open it now.
    let (_, records) = Journal::open(folder.path()).await.expect("it is free");
    assert!(records.is_empty());
}
