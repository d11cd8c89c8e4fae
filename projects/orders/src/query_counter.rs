//! Counts the statements that are sent to a database.

use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::database::Database;

/// A layer for `tracing-subscriber` that counts the statements of all pools, except the settings of SQLite. Clones share the count.
///
/// sqlx reports each statement when it has ended, on the thread that ran it. That is another thread with SQLite, so the subscriber
/// should be the global one, and the report may come a moment after the result.
///
/// ```
/// use orders::QueryCounter;
/// use tracing_subscriber::layer::SubscriberExt;
/// use tracing_subscriber::util::SubscriberInitExt;
///
/// let counter = QueryCounter::default();
/// tracing_subscriber::registry().with(counter.clone()).init();
/// assert_eq!(counter.count(), 0);
/// ```
#[derive(Clone, Debug, Default)]
pub struct QueryCounter(Arc<AtomicU64>);

impl QueryCounter {
    /// The statements so far.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// What `work` returns, and how many statements were sent in the meantime. It waits before and after until no connection of
    /// `database` is in use, because all reports have come by then.
    ///
    /// # Cancel safety
    ///
    /// Dropping it drops `work`.
    pub async fn during<F: Future>(&self, database: &Database, work: F) -> (F::Output, u64) {
        until_idle(database).await;
        let before = self.count();
        let output = work.await;
        until_idle(database).await;
        (output, self.count() - before)
    }
}

/// Whether an event is about a `PRAGMA`. sqlx sends some whenever it opens a connection to SQLite.
struct IsSetting(bool);

impl Visit for IsSetting {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0 |= field.name() == "summary" && value.starts_with("PRAGMA");
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

async fn until_idle(database: &Database) {
    loop {
        let state = database.pool_state();
        if state.idle == state.connections as usize {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

impl<S: Subscriber> Layer<S> for QueryCounter {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != "sqlx::query" {
            return;
        }
        let mut setting = IsSetting(false);
        event.record(&mut setting);
        if !setting.0 {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}
