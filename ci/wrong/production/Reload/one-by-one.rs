//! Replacements are kept one by one. Caught by `Reload::a_watcher_sees_each_replacement_once`, which says "kept one by one".

use tokio::sync::broadcast;

pub struct Reload<T, E, L> {
    load: L,
    config: watch::Sender<Arc<T>>,
    replaced: broadcast::Sender<Arc<T>>,
    begun: AtomicU64,
    last: tokio::sync::Mutex<Option<Ended<T, E>>>,
}

pub struct Watcher<T> {
    config: broadcast::Receiver<Arc<T>>,
}

impl<T: PartialEq, E: Clone, L: AsyncFn() -> Result<T, E>> Reload<T, E, L> {
    pub fn new(config: T, load: L) -> Self {
        Self {
            load,
            config: watch::Sender::new(Arc::new(config)),
            replaced: broadcast::Sender::new(64),
            begun: AtomicU64::new(0),
            last: tokio::sync::Mutex::new(None),
        }
    }

    pub fn current(&self) -> Arc<T> {
        Arc::clone(&self.config.borrow())
    }

    pub async fn reload(&self) -> Result<Arc<T>, E> {
        let begun_before = self.begun.load(SeqCst);
        let mut last = self.last.lock().await;
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
            config: self.replaced.subscribe(),
        }
    }

    fn replace(&self, config: T) -> Arc<T> {
        self.config.send_if_modified(|current| {
            let is_another = **current != config;
            if is_another {
                *current = Arc::new(config);
                let _ = self.replaced.send(Arc::clone(current));
            }
            is_another
        });
        self.current()
    }
}

impl<T> Watcher<T> {
    pub async fn changed(&mut self) -> Option<Arc<T>> {
        self.config.recv().await.ok()
    }
}
