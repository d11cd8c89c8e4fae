//! Makes all queries on one connection. Caught by `load_dashboard::queries_overlap`, which says "one connection makes all queries".

pub async fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> Result<Dashboard, DashboardError> {
    let acquire = async || match timeout(acquire_limit, pool.acquire()).await {
        Ok(acquired) => Ok(acquired?),
        Err(_elapsed) => Err(DashboardError::PoolTimedOut),
    };
    let mut connection = acquire().await?;
    let found = connection.user(user).await?;
    let found = found.ok_or(DashboardError::NoSuchUser)?;
    let orders = connection.orders(user).await?;
    let profile = connection.profile(user).await?;
    let user = found;
    Ok(Dashboard {
        user,
        orders,
        profile,
    })
}
