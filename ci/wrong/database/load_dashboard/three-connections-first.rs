//! Acquires three connections before the first query. Caught by `load_dashboard::one_connection_is_enough`, which says "held while another one is waited for".

pub async fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> Result<Dashboard, DashboardError> {
    let acquire = async || match timeout(acquire_limit, pool.acquire()).await {
        Ok(acquired) => Ok(acquired?),
        Err(_elapsed) => Err(DashboardError::PoolTimedOut),
    };
    let (mut one, mut two, mut three) = try_join!(acquire(), acquire(), acquire())?;
    let (user, orders, profile) = try_join!(
        async {
            let result = one.user(user).await;
            drop(one);
            Ok(result?.ok_or(DashboardError::NoSuchUser)?)
        },
        async {
            let result = two.orders(user).await;
            drop(two);
            Ok(result?)
        },
        async {
            let result = three.profile(user).await;
            drop(three);
            Ok::<_, DashboardError>(result?)
        },
    )?;
    Ok(Dashboard {
        user,
        orders,
        profile,
    })
}
