//! The delay starts again when the first key is removed. Caught by `Batcher::the_delay_is_that_of_the_batch`, which says "starts again when the first key is removed".

pub struct Batcher<F> {
    shared: Arc<Shared<F>>,
}

struct Shared<F> {
    size: usize,
    delay: Duration,
    fetch: F,
    next: Mutex<Batch>,
}

#[derive(Default)]
struct Batch {
    requests: Vec<Request>,
    timer: Option<AbortOnDropHandle<()>>,
}

struct Request {
    key: u32,
    callers: Vec<oneshot::Sender<String>>,
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
        next.add(key, tx);
        next.remove_cancelled();
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

impl Batch {
    fn add(&mut self, key: u32, caller: oneshot::Sender<String>) {
        match self.requests.iter_mut().find(|other| other.key == key) {
            Some(request) => request.callers.push(caller),
            None => self.requests.push(Request {
                key,
                callers: vec![caller],
            }),
        }
    }

    fn remove_cancelled(&mut self) {
        let first = self.requests.first().map(|request| request.key);
        for request in &mut self.requests {
            request.callers.retain(|caller| !caller.is_closed());
        }
        self.requests.retain(|request| !request.callers.is_empty());
        if self.requests.first().map(|request| request.key) != first {
            self.timer = None;
        }
    }
}
