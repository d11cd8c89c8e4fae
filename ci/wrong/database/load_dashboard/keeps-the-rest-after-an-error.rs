//! The queries that an error ends stay in the finished future until that is dropped. Caught by `load_dashboard::the_first_error_ends_the_rest`, which says "kept in the future".

use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use futures::future::maybe_done;

pub fn load_dashboard<P: Pool<Connection: Queries>>(
    pool: &P,
    user: u64,
    acquire_limit: Duration,
) -> impl Future<Output = Result<Dashboard, DashboardError>> {
    let acquire = async move || match timeout(acquire_limit, pool.acquire()).await {
        Ok(acquired) => Ok(acquired?),
        Err(_elapsed) => Err(DashboardError::PoolTimedOut),
    };
    let acquire = Rc::new(acquire);
    let (first, second, third) = (Rc::clone(&acquire), Rc::clone(&acquire), acquire);
    let mut user_query = Box::pin(maybe_done(async move {
        let found = first().await?.user(user).await?;
        found.ok_or(DashboardError::NoSuchUser)
    }));
    let mut orders_query = Box::pin(maybe_done(async move {
        Ok::<_, DashboardError>(second().await?.orders(user).await?)
    }));
    let mut profile_query = Box::pin(maybe_done(async move {
        Ok::<_, DashboardError>(third().await?.profile(user).await?)
    }));
    poll_fn(move |cx| {
        let mut is_ready = user_query.as_mut().poll(cx).is_ready();
        is_ready &= orders_query.as_mut().poll(cx).is_ready();
        is_ready &= profile_query.as_mut().poll(cx).is_ready();
        if let Some(Err(error)) = user_query.as_mut().output_mut() {
            return Poll::Ready(Err(error.clone()));
        }
        if let Some(Err(error)) = orders_query.as_mut().output_mut() {
            return Poll::Ready(Err(error.clone()));
        }
        if let Some(Err(error)) = profile_query.as_mut().output_mut() {
            return Poll::Ready(Err(error.clone()));
        }
        if !is_ready {
            return Poll::Pending;
        }
        let user = user_query.as_mut().take_output().unwrap();
        let orders = orders_query.as_mut().take_output().unwrap();
        let profile = profile_query.as_mut().take_output().unwrap();
        Poll::Ready(Ok(Dashboard {
            user: user?,
            orders: orders?,
            profile: profile?,
        }))
    })
}
