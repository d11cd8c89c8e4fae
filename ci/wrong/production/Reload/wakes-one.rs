//! One watcher is woken. Caught by `Reload::every_watcher_is_woken`, which says "as by `notify_one`".

pub struct Reload<T, E, L> {
    load: L,
    config: watch::Sender<Arc<T>>,
    replaced: Arc<Notify>,
    begun: AtomicU64,
    last: tokio::sync::Mutex<Option<Ended<T, E>>>,
}

pub struct Watcher<T> {
    config: watch::Receiver<Arc<T>>,
    replaced: Arc<Notify>,
}

impl<T: PartialEq, E: Clone, L: AsyncFn() -> Result<T, E>> Reload<T, E, L> {
    pub fn new(config: T, load: L) -> Self {
        Self {
            load,
            config: watch::Sender::new(Arc::new(config)),
            replaced: Arc::default(),
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
            replaced: Arc::clone(&self.replaced),
        }
    }

    fn replace(&self, config: T) -> Arc<T> {
        let is_replaced = self.config.send_if_modified(|current| {
            let is_another = **current != config;
            if is_another {
                *current = Arc::new(config);
            }
            is_another
        });
        if is_replaced {
            self.replaced.notify_one();
        }
        self.current()
    }
}

impl<T> Watcher<T> {
    pub async fn changed(&mut self) -> Option<Arc<T>> {
        while !self.config.has_changed().ok()? {
            self.replaced.notified().await;
        }
        Some(Arc::clone(&self.config.borrow_and_update()))
    }
}
