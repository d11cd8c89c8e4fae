//! The permit is bound to `_`, and released at once. Caught by `HostLimiter::limits_the_requests_to_a_host`, which says "a permit is released before the request is awaited".

pub struct HostLimiter {
    limit: usize,
    gap: Duration,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

impl HostLimiter {
    pub fn new(limit: NonZeroUsize, gap: Duration) -> Self {
        Self {
            limit: limit.get(),
            gap,
            hosts: Mutex::new(HashMap::new()),
        }
    }

    pub fn hosts(&self) -> usize {
        self.known_hosts().len()
    }

    pub async fn run<F: Future>(&self, host: &str, request: F) -> F::Output {
        let host = self.host(host);
        let mut next_start = host.next_start.lock().await;
        let _ = host.slots.acquire().await.expect("it is never closed");
        sleep_until(*next_start).await;
        *next_start = Instant::now() + self.gap;
        drop(next_start);
        request.await
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = self.known_hosts();
        let host = hosts.entry(name.to_owned()).or_insert_with(|| {
            Arc::new(Host {
                slots: Semaphore::new(self.limit),
                next_start: tokio::sync::Mutex::new(Instant::now()),
            })
        });
        Arc::clone(host)
    }

    fn known_hosts(&self) -> MutexGuard<'_, HashMap<String, Arc<Host>>> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        hosts.retain(|_, host| match Arc::get_mut(host) {
            Some(unused) => *unused.next_start.get_mut() > now,
            None => true,
        });
        hosts
    }
}
