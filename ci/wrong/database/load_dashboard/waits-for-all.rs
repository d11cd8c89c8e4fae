//! Waits for all queries before it looks at their errors. Caught by `load_dashboard::the_first_error_ends_the_rest`, which says "`join!` waits for all".

pub async fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> Result<Dashboard, DashboardError> {
    let acquire = async || match timeout(acquire_limit, pool.acquire()).await {
        Ok(acquired) => Ok(acquired?),
        Err(_elapsed) => Err(DashboardError::PoolTimedOut),
    };
    let (user, orders, profile) = tokio::join!(
        async {
            let found = acquire().await?.user(user).await?;
            found.ok_or(DashboardError::NoSuchUser)
        },
        async { Ok::<_, DashboardError>(acquire().await?.orders(user).await?) },
        async { Ok::<_, DashboardError>(acquire().await?.profile(user).await?) },
    );
    let (user, orders, profile) = (user?, orders?, profile?);
    Ok(Dashboard {
        user,
        orders,
        profile,
    })
}
