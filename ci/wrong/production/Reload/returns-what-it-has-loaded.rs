//! What was loaded is returned, although an equal configuration stays. Caught by `Reload::a_watcher_sees_each_replacement_once`, which says "what was loaded is returned".

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
            config: self.config.subscribe(),
        }
    }

    fn replace(&self, config: T) -> Arc<T> {
        let config = Arc::new(config);
        self.config.send_if_modified(|current| {
            let is_another = **current != *config;
            if is_another {
                *current = Arc::clone(&config);
            }
            is_another
        });
        config
    }
}
