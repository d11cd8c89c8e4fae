//! A cancelled caller removes its key from the batch, although another caller waits for the same key. Caught by `Batcher::a_dropped_caller_does_not_affect_the_others`, which says "waits for the same key".

pub struct Batcher<F> {
    shared: Arc<Shared<F>>,
}

struct Shared<F> {
    size: usize,
    delay: Duration,
    fetch: F,
    next: Mutex<Batch>,
}

/// Removes a key when its caller is dropped.
struct Leaves<'a, F> {
    shared: &'a Shared<F>,
    key: u32,
}

impl<F> Drop for Leaves<'_, F> {
    fn drop(&mut self) {
        let mut next = self.shared.next.lock().unwrap();
        next.requests.retain(|request| request.key != self.key);
        if next.requests.is_empty() {
            next.timer = None;
        }
    }
}

impl<F, R> Batcher<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    pub fn new(size: usize, delay: Duration, fetch: F) -> Self {
        let next = Mutex::default();
        Self {
            shared: Arc::new(Shared {
                size,
                delay,
                fetch,
                next,
            }),
        }
    }

    pub async fn get(&self, key: u32) -> Option<String> {
        let value = self.shared.request(key);
        let leaves = Leaves {
            shared: &self.shared,
            key,
        };
        let value = value.await.ok();
        std::mem::forget(leaves);
        value
    }
}

impl<F, R> Shared<F>
where
    F: Fn(Vec<u32>) -> R + Send + Sync + 'static,
    R: Future<Output = Vec<String>> + Send + 'static,
{
    fn request(self: &Arc<Self>, key: u32) -> oneshot::Receiver<String> {
        let (tx, rx) = oneshot::channel();
        let mut next = self.next.lock().unwrap();
        match next.requests.iter_mut().find(|other| other.key == key) {
            Some(request) => request.callers.push(tx),
            None => next.requests.push(Request {
                key,
                callers: vec![tx],
            }),
        }
        if next.requests.len() >= self.size {
            let full = std::mem::take(&mut *next);
            tokio::spawn(Arc::clone(self).send(full.requests));
        } else if next.timer.is_none() {
            let for_timer = Arc::clone(self);
            let timer = tokio::spawn(async move {
                sleep(for_timer.delay).await;
                let due = std::mem::take(&mut *for_timer.next.lock().unwrap());
                tokio::spawn(Arc::clone(&for_timer).send(due.requests));
            });
            next.timer = Some(AbortOnDropHandle::new(timer));
        }
        rx
    }

    async fn send(self: Arc<Self>, requests: Vec<Request>) {
        let keys = requests.iter().map(|request| request.key).collect();
        let values = (self.fetch)(keys).await;
        for (value, request) in values.into_iter().zip(requests) {
            for caller in request.callers {
                let _ = caller.send(value.clone());
            }
        }
    }
}
