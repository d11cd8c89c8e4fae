use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll};

use futures::future::poll_fn;

use crate::support::{Test, on_both_databases, until_idle};
use crate::transfers::transfer;

on_both_databases!(
    a_transfer_dropped_at_any_await_is_whole_or_was_not,
    a_dropped_dashboard_returns_its_connections,
    migrations_dropped_at_any_await_can_be_run_again,
);

/// Polls a future `polls` times, whenever it is woken, and drops it. Returns what it is ready with, if it is by then.
pub async fn drop_after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|context: &mut Context<'_>| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

async fn a_transfer_dropped_at_any_await_is_whole_or_was_not(test: Test) {
    let ids = test.users(2, 10_000).await;
    let mut moved = 0;
    for polls in 0.. {
        let transfer = transfer(polls, ids[0], ids[1], 10);
        let finished = drop_after(polls, test.database.transfer(&transfer)).await;
        until_idle(&test.database).await;
        let left = test.database.balance(ids[0]).await.unwrap();
        assert_eq!(left + test.database.balance(ids[1]).await.unwrap(), 20_000);
        // Dropped during the commit, it may have succeeded. Sent again, it has.
        test.database.transfer(&transfer).await.unwrap();
        moved += 10;
        assert_eq!(
            test.database.balance(ids[0]).await.unwrap(),
            10_000 - moved,
            "after {polls} polls"
        );
        if let Some(outcome) = finished {
            outcome.unwrap();
            return;
        }
    }
}

async fn a_dropped_dashboard_returns_its_connections(test: Test) {
    let user = test.users(1, 0).await[0];
    let database = test.with(|settings| settings.max_connections = 2).await;
    for polls in 0.. {
        let finished = drop_after(polls, database.dashboard(user)).await;
        until_idle(&database).await;
        database.ping().await.unwrap();
        if finished.is_some() {
            return;
        }
    }
}

async fn migrations_dropped_at_any_await_can_be_run_again(test: Test) {
    for polls in 0.. {
        let finished = drop_after(polls, test.database.migrate()).await;
        if finished.is_some() {
            break;
        }
    }
    test.database.migrate().await.unwrap();
}
