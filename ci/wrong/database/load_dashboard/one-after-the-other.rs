//! Awaits the queries one after the other. Caught by `load_dashboard::queries_overlap`, which says "one after the other".

pub async fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> Result<Dashboard, DashboardError> {
    let acquire = async || match timeout(acquire_limit, pool.acquire()).await {
        Ok(acquired) => Ok(acquired?),
        Err(_elapsed) => Err(DashboardError::PoolTimedOut),
    };
    let found = acquire().await?.user(user).await?;
    let found = found.ok_or(DashboardError::NoSuchUser)?;
    let orders = acquire().await?.orders(user).await?;
    let profile = acquire().await?.profile(user).await?;
    let user = found;
    Ok(Dashboard {
        user,
        orders,
        profile,
    })
}
