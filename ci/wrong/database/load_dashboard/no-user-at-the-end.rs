//! Notices that there is no user when all queries are ready. Caught by `load_dashboard::the_first_error_ends_the_rest`, which says "only when all queries are ready".

pub async fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> Result<Dashboard, DashboardError> {
    let acquire = async || match timeout(acquire_limit, pool.acquire()).await {
        Ok(acquired) => Ok(acquired?),
        Err(_elapsed) => Err(DashboardError::PoolTimedOut),
    };
    let (user, orders, profile) = try_join!(
        async { Ok::<_, DashboardError>(acquire().await?.user(user).await?) },
        async { Ok(acquire().await?.orders(user).await?) },
        async { Ok(acquire().await?.profile(user).await?) },
    )?;
    let user = user.ok_or(DashboardError::NoSuchUser)?;
    Ok(Dashboard {
        user,
        orders,
        profile,
    })
}
