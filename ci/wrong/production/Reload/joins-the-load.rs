//! A call joins the load in progress. Caught by `Reload::each_call_is_answered_by_a_later_load`, which says "joins the load in progress".

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
        let is_idle = self.last.try_lock().is_ok();
        let begun = self.begun.load(SeqCst);
        let begun_before = if is_idle { begun } else { begun - 1 };
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
