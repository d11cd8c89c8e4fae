//! The limit begins with the call, and not with the first poll. Caught by `load_dashboard::only_the_wait_for_a_connection_has_a_limit`, which says "begins with the call".

pub fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> impl Future<Output = Result<Dashboard, DashboardError>> {
    let called = tokio::time::Instant::now();
    async move {
        let limit = acquire_limit.saturating_sub(called.elapsed());
        load_within(pool, user, limit).await
    }
}

async fn load_within<P: Pool<Connection: Queries>>(
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
