//! A batch waits until the call for the one before it has ended. Caught by `Batcher::any_callers`, which says "Calls of `fetch` overlap".

struct Shared<F> {
    size: usize,
    delay: Duration,
    fetch: F,
    next: Mutex<Batch>,
    fetching: tokio::sync::Mutex<()>,
}

impl<F, R> Batcher<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    pub fn new(size: usize, delay: Duration, fetch: F) -> Self {
        Self {
            shared: Arc::new(Shared {
                size,
                delay,
                fetch,
                next: Mutex::default(),
                fetching: tokio::sync::Mutex::default(),
            }),
        }
    }

    pub async fn get(&self, key: u32) -> Option<String> {
        let value = self.shared.request(key);
        value.await.ok()
    }
}

impl<F, R> Shared<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    fn request(self: &Arc<Self>, key: u32) -> oneshot::Receiver<String> {
        let (tx, rx) = oneshot::channel();
        let mut next = self.next();
        next.remove_cancelled();
        next.add(key, tx);
        if next.requests.len() >= self.size {
            let full = std::mem::take(&mut *next);
            tokio::spawn(Arc::clone(self).send(full.requests));
        } else if next.timer.is_none() {
            let timer = tokio::spawn(Arc::clone(self).send_after_delay());
            next.timer = Some(AbortOnDropHandle::new(timer));
        }
        rx
    }

    async fn send_after_delay(self: Arc<Self>) {
        sleep(self.delay).await;
        let due = {
            let mut next = self.next();
            next.remove_cancelled();
            std::mem::take(&mut *next)
        };
        if !due.requests.is_empty() {
            tokio::spawn(Arc::clone(&self).send(due.requests));
        }
    }

    async fn send(self: Arc<Self>, requests: Vec<Request>) {
        let keys = requests.iter().map(|request| request.key).collect();
        let fetching = self.fetching.lock().await;
        let values = (self.fetch)(keys).await;
        drop(fetching);
        for (value, request) in values.into_iter().zip(requests) {
            for caller in request.callers {
                // A caller that has been cancelled does not need its value.
                let _ = caller.send(value.clone());
            }
        }
    }

    fn next(&self) -> MutexGuard<'_, Batch> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
