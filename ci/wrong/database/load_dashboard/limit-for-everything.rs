//! Limits the time of the whole call. Caught by `load_dashboard::only_the_wait_for_a_connection_has_a_limit`, which says "for more than the wait for a connection".

pub async fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> Result<Dashboard, DashboardError> {
    let load = async {
        let (user, orders, profile) = try_join!(
            async {
                let found = pool.acquire().await?.user(user).await?;
                found.ok_or(DashboardError::NoSuchUser)
            },
            async { Ok(pool.acquire().await?.orders(user).await?) },
            async { Ok(pool.acquire().await?.profile(user).await?) },
        )?;
        Ok(Dashboard {
            user,
            orders,
            profile,
        })
    };
    let loaded = timeout(acquire_limit, load).await;
    loaded.unwrap_or(Err(DashboardError::PoolTimedOut))
}
