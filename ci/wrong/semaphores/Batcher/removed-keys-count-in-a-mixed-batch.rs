//! Keys without callers are removed only when no other key is left, or when the batch is sent. Caught by `Batcher::any_callers`, which says "removed only when its batch is sent".

impl<F, R> Shared<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    fn request(self: &Arc<Self>, key: u32) -> oneshot::Receiver<String> {
        let (tx, rx) = oneshot::channel();
        let mut next = self.next();
        if next
            .requests
            .iter()
            .all(|request| request.callers.iter().all(oneshot::Sender::is_closed))
        {
            next.remove_cancelled();
        }
        next.add(key, tx);
        if next.requests.len() >= self.size {
            next.remove_cancelled();
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
        let values = (self.fetch)(keys).await;
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
