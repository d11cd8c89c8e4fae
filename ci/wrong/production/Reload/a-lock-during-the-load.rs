//! The configuration is locked while a load is in progress. Caught by `Reload::the_current_one_can_be_read_during_a_load`, which says "held while the load is in progress".

pub struct Reload<T, E, L> {
    load: L,
    guarded: std::sync::RwLock<()>,
    config: watch::Sender<Arc<T>>,
    begun: AtomicU64,
    last: tokio::sync::Mutex<Option<Ended<T, E>>>,
}

impl<T: PartialEq, E: Clone, L: AsyncFn() -> Result<T, E>> Reload<T, E, L> {
    pub fn new(config: T, load: L) -> Self {
        Self {
            load,
            guarded: std::sync::RwLock::new(()),
            config: watch::Sender::new(Arc::new(config)),
            begun: AtomicU64::new(0),
            last: tokio::sync::Mutex::new(None),
        }
    }

    pub fn current(&self) -> Arc<T> {
        let _guard = self.guarded.read().unwrap_or_else(PoisonError::into_inner);
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
        let guard = self.guarded.write().unwrap_or_else(PoisonError::into_inner);
        let loaded = (self.load)().await;
        drop(guard);
        let result = loaded.map(|config| self.replace(config));
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
