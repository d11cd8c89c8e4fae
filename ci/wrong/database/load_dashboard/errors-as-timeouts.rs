//! Takes every error of `acquire` for a pool that is full. Caught by `load_dashboard::the_first_error_ends_the_rest`, which says "should be returned at that instant".

pub async fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> Result<Dashboard, DashboardError> {
    let acquire = async || match timeout(acquire_limit, pool.acquire()).await {
        Ok(Ok(connection)) => Ok(connection),
        _ => Err(DashboardError::PoolTimedOut),
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
