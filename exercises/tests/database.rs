//! Grades the chapter `database`: one module for each exercise, one test for each promise of its contract.
//!
//! The databases are fakes that record each call with its instant. Each of their calls is pending at least once, so that
//! an answer can be dropped in it. Time is virtual, so instants are compared exactly.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use exercises::database::{DbError, Pool};
use grading::{
    Case, Clock, Failure, Log, Tasks, await_and_keep, check, drop_at_every_await, drop_one_of_many,
    grade_cases, in_ms, join_all, list, lock, ms, plural, shown,
};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};

#[path = "database/UserLoader.rs"]
#[allow(non_snake_case, reason = "named like the exercise")]
mod UserLoader;
#[path = "database/load_dashboard.rs"]
mod load_dashboard;
#[path = "database/migrate.rs"]
mod migrate;
#[path = "database/transfer.rs"]
mod transfer;

const PARALLEL: &str = "database.html#concurrent-reads-over-a-pool";
const DEADLOCK: &str = "database-pools.html#a-pool-stuck-on-itself";
const TOO_SMALL: &str = "database-pools.html#too-small-callers-wait";
const ATOMIC: &str = "database-transactions.html#money-that-is-lost";
const CONFLICT: &str = "database-pitfalls.html#a-read-that-becomes-a-write";
const COMMITTED: &str = "database-transactions.html#was-it-committed-a-key-to-ask-again";
const HANGS_UP: &str = "database-transactions.html#a-handler-is-dropped-when-its-client-hangs-up";
const MIGRATIONS: &str = "database-queries.html#migrations";
const N_PLUS_ONE: &str = "database-queries.html#n1-queries";

/// Longer than anything here takes, and shorter than the hour after which a run counts as a hang.
const LONG: Duration = ms(3_000_000);

/// Waits for `time`. It is pending at least once.
async fn take(time: Duration) {
    if time.is_zero() {
        yield_now().await;
    } else {
        sleep(time).await;
    }
}

fn failed(text: impl Into<String>) -> DbError {
    DbError::Failed(text.into())
}
