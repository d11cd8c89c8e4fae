//! Adds the limit to the present instant, which panics for `Duration::MAX`. Caught by `load_dashboard::queries_overlap`, which says "overflow when adding duration to instant".

pub async fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> Result<Dashboard, DashboardError> {
    let deadline = tokio::time::Instant::now() + acquire_limit;
    let acquire = async || match tokio::time::timeout_at(deadline, pool.acquire()).await {
        Ok(acquired) => Ok(acquired?),
        Err(_elapsed) => Err(DashboardError::PoolTimedOut),
    };
    let (user, orders, profile) = try_join!(
        async {
            let found = acquire().await?.user(user).await?;
            found.ok_or(DashboardError::NoSuchUser)
        },
        async { Ok(acquire().await?.orders(user).await?) },
        async { Ok(acquire().await?.profile(user).await?) },
    )?;
    Ok(Dashboard {
        user,
        orders,
        profile,
    })
}
