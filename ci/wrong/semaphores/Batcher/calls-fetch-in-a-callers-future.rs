//! Calls `fetch` where the batch becomes full, and spawns its future: a panic of the call reaches a caller. Caught by `Batcher::returns_none_if_fetch_panics`, which says "only its future runs in a task".

async fn send(call: impl Future<Output = Vec<String>>, requests: Vec<Request>) {
    let values = call.await;
    for (value, request) in values.into_iter().zip(requests) {
        for caller in request.callers {
            let _ = caller.send(value.clone());
        }
    }
}

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
        next.remove_cancelled();
        next.add(key, tx);
        if next.requests.len() >= self.size {
            let full = std::mem::take(&mut *next);
            let keys = full.requests.iter().map(|request| request.key).collect();
            let call = (self.fetch)(keys);
            tokio::spawn(send(call, full.requests));
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
            let keys = due.requests.iter().map(|request| request.key).collect();
            let call = (self.fetch)(keys);
            tokio::spawn(send(call, due.requests));
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
        for request in &mut self.requests {
            request.callers.retain(|caller| !caller.is_closed());
        }
        self.requests.retain(|request| !request.callers.is_empty());
        if self.requests.is_empty() {
            self.timer = None;
        }
    }
}
