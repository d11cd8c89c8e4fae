//! Looks for the user before it loads the rest. Caught by `load_dashboard::queries_overlap`, which says "before or after the other two".

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
    let (orders, profile) = try_join!(
        async { Ok::<_, DashboardError>(acquire().await?.orders(user).await?) },
        async { Ok(acquire().await?.profile(user).await?) },
    )?;
    let user = found;
    Ok(Dashboard {
        user,
        orders,
        profile,
    })
}
