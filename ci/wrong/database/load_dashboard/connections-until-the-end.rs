//! The branches return their connections together with the results. Caught by `load_dashboard::a_connection_is_back_when_its_query_is_ready`, which says "returned by the branches".

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
        async {
            let mut connection = acquire().await?;
            let found = connection.user(user).await?;
            let found = found.ok_or(DashboardError::NoSuchUser)?;
            Ok::<_, DashboardError>((found, connection))
        },
        async {
            let mut connection = acquire().await?;
            let orders = connection.orders(user).await?;
            Ok((orders, connection))
        },
        async {
            let mut connection = acquire().await?;
            let profile = connection.profile(user).await?;
            Ok((profile, connection))
        },
    )?;
    let (user, orders, profile) = (user.0, orders.0, profile.0);
    Ok(Dashboard {
        user,
        orders,
        profile,
    })
}
