//! A flag says that a load is in progress, and stays set when that is dropped. Caught by `Reload::another_call_takes_over`, which says "stays set".

pub struct Reload<T, E, L> {
    load: L,
    config: watch::Sender<Arc<T>>,
    begun: AtomicU64,
    last: Mutex<(bool, Option<Ended<T, E>>)>,
    has_ended: Notify,
}

impl<T: PartialEq, E: Clone, L: AsyncFn() -> Result<T, E>> Reload<T, E, L> {
    pub fn new(config: T, load: L) -> Self {
        Self {
            load,
            config: watch::Sender::new(Arc::new(config)),
            begun: AtomicU64::new(0),
            last: Mutex::new((false, None)),
            has_ended: Notify::new(),
        }
    }

    pub fn current(&self) -> Arc<T> {
        Arc::clone(&self.config.borrow())
    }

    pub async fn reload(&self) -> Result<Arc<T>, E> {
        let begun_before = self.begun.load(SeqCst);
        loop {
            let has_ended = self.has_ended.notified();
            {
                let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(ended) = last.1.as_ref()
                    && ended.number > begun_before
                {
                    return ended.result.clone();
                }
                if !last.0 {
                    last.0 = true;
                    break;
                }
            }
            has_ended.await;
        }
        let number = self.begun.fetch_add(1, SeqCst) + 1;
        let result = (self.load)().await.map(|config| self.replace(config));
        let ended = Ended {
            number,
            result: result.clone(),
        };
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = (false, Some(ended));
        self.has_ended.notify_waiters();
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
