//! The limit ends the wait only if several queries wait. Caught by `load_dashboard::only_the_wait_for_a_connection_has_a_limit`, which says "when the others have their connections".

pub async fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> Result<Dashboard, DashboardError> {
    let waiting = std::cell::Cell::new(3);
    let acquire = async || {
        let mut acquiring = std::pin::pin!(pool.acquire());
        let acquired = match timeout(acquire_limit, &mut acquiring).await {
            Ok(acquired) => acquired,
            Err(_) if waiting.get() > 1 => return Err(DashboardError::PoolTimedOut),
            Err(_) => acquiring.await,
        };
        waiting.set(waiting.get() - 1);
        Ok(acquired?)
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
