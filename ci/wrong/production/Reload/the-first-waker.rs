//! Only the waker of the first poll is used. Caught by `Reload::a_watcher_wakes_the_latest_waker`, which says "first poll".

use std::pin::pin;
use std::task::{Context, Waker};

impl<T> Watcher<T> {
    pub async fn changed(&mut self) -> Option<Arc<T>> {
        with_the_first(&mut None, self.config.changed())
            .await
            .ok()?;
        Some(Arc::clone(&self.config.borrow_and_update()))
    }
}

async fn with_the_first<F: Future>(first: &mut Option<Waker>, future: F) -> F::Output {
    let mut future = pin!(future);
    std::future::poll_fn(|cx| {
        let waker = first.get_or_insert_with(|| cx.waker().clone());
        future.as_mut().poll(&mut Context::from_waker(waker))
    })
    .await
}
