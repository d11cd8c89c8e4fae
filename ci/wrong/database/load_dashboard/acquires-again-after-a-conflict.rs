//! Calls `acquire` again after a conflict. Caught by `load_dashboard::the_first_error_ends_the_rest`, which says "called more than once".

pub async fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> Result<Dashboard, DashboardError> {
    let acquire_again = async || loop {
        match pool.acquire().await {
            Err(DbError::Conflict) => {}
            acquired => return acquired,
        }
    };
    let acquire = async || match timeout(acquire_limit, acquire_again()).await {
        Ok(acquired) => Ok(acquired?),
        Err(_elapsed) => Err(DashboardError::PoolTimedOut),
    };
    // Each block drops its connection at its end, and not at the end of the function.
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
