//! One query asks for a connection when another one has its own. Caught by `load_dashboard::queries_overlap`, which says "until another one has its connection".

pub async fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> Result<Dashboard, DashboardError> {
    let acquire = async || match timeout(acquire_limit, pool.acquire()).await {
        Ok(acquired) => Ok(acquired?),
        Err(_elapsed) => Err(DashboardError::PoolTimedOut),
    };
    let found_one = tokio::sync::Notify::new();
    let (user, orders, profile) = try_join!(
        async {
            let mut connection = acquire().await?;
            found_one.notify_one();
            let found = connection.user(user).await?;
            found.ok_or(DashboardError::NoSuchUser)
        },
        async { Ok(acquire().await?.orders(user).await?) },
        async {
            found_one.notified().await;
            Ok(acquire().await?.profile(user).await?)
        },
    )?;
    Ok(Dashboard {
        user,
        orders,
        profile,
    })
}
