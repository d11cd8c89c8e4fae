//! A call that waits uses only the waker of its first poll. Caught by `Reload::a_waiting_call_wakes_the_latest_waker`, which says "first poll".

use std::pin::pin;
use std::task::{Context, Waker};

impl<T: PartialEq, E: Clone, L: AsyncFn() -> Result<T, E>> Reload<T, E, L> {
    pub fn new(config: T, load: L) -> Self {
        Self {
            load,
            config: watch::Sender::new(Arc::new(config)),
            begun: AtomicU64::new(0),
            last: tokio::sync::Mutex::new(None),
        }
    }

    pub fn current(&self) -> Arc<T> {
        Arc::clone(&self.config.borrow())
    }

    pub async fn reload(&self) -> Result<Arc<T>, E> {
        let begun_before = self.begun.load(SeqCst);
        let mut last = with_the_first(&mut None, self.last.lock()).await;
        if let Some(ended) = last.as_ref()
            && ended.number > begun_before
        {
            return ended.result.clone();
        }
        let number = self.begun.fetch_add(1, SeqCst) + 1;
        let result = (self.load)().await.map(|config| self.replace(config));
        *last = Some(Ended {
            number,
            result: result.clone(),
        });
        result
    }

    pub fn watch(&self) -> Watcher<T> {
        Watcher {
            config: self.config.subscribe(),
        }
    }

    fn replace(&self, config: T) -> Arc<T> {
        self.config.send_if_modified(|current| {
            let is_another = **current != config;
            if is_another {
                *current = Arc::new(config);
            }
            is_another
        });
        self.current()
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
