use std::time::Duration;

use sqlx::postgres::PgPoolOptions;

use crate::support::{Cluster, until};

/// A pool may be larger than what the server allows. Then its callers wait although it is not full.
#[tokio::test]
async fn a_pool_gets_no_more_connections_than_the_server_allows() {
    let Some(cluster) = Cluster::get() else {
        return;
    };
    cluster
        .execute("CREATE ROLE limited LOGIN CONNECTION LIMIT 2")
        .await;
    let pool = PgPoolOptions::new()
        .max_connections(5)
        .acquire_timeout(Duration::from_millis(1500))
        .connect(&cluster.url("limited", "postgres"))
        .await
        .unwrap();
    let first = pool.acquire().await.unwrap();
    let second = pool.acquire().await.unwrap();
    let refused = pool.acquire().await.unwrap_err();
    assert!(matches!(refused, sqlx::Error::PoolTimedOut), "{refused:?}");
    drop(first);
    // A caller that comes before the connection is back tries to open another one, and does not look at the pool again.
    until(|| pool.num_idle() == 1).await;
    pool.acquire().await.unwrap();
    drop(second);
    pool.close().await;
}
