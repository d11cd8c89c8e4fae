//! Limits the wait for a connection together with its query. Caught by `load_dashboard::only_the_wait_for_a_connection_has_a_limit`, which says "for more than the wait for a connection".

pub async fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> Result<Dashboard, DashboardError> {
    let timed_out = |_| DashboardError::PoolTimedOut;
    let (user, orders, profile) = try_join!(
        async {
            let query = async { pool.acquire().await?.user(user).await };
            let found = timeout(acquire_limit, query).await.map_err(timed_out)??;
            found.ok_or(DashboardError::NoSuchUser)
        },
        async {
            let query = async { pool.acquire().await?.orders(user).await };
            Ok(timeout(acquire_limit, query).await.map_err(timed_out)??)
        },
        async {
            let query = async { pool.acquire().await?.profile(user).await };
            Ok(timeout(acquire_limit, query).await.map_err(timed_out)??)
        },
    )?;
    Ok(Dashboard {
        user,
        orders,
        profile,
    })
}
