//! The instants of starts are a grid, and those without a request are made up for. Caught by `HostLimiter::leaves_a_gap_between_starts`, which says "made up for, as `interval` does".

pub struct HostLimiter {
    limit: usize,
    gap: Duration,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    start: Instant,
}

impl HostLimiter {
    pub fn new(limit: NonZeroUsize, gap: Duration) -> Self {
        Self {
            limit: limit.get(),
            gap,
            hosts: Mutex::new(HashMap::new()),
            start: Instant::now(),
        }
    }

    pub fn hosts(&self) -> usize {
        self.known_hosts().len()
    }

    pub async fn run<F: Future>(&self, host: &str, request: F) -> F::Output {
        let host = self.host(host);
        let mut next_start = host.next_start.lock().await;
        let _slot = host.slots.acquire().await.expect("it is never closed");
        sleep_until(*next_start).await;
        *next_start += self.gap;
        drop(next_start);
        request.await
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = self.known_hosts();
        let start = self.start;
        let host = hosts.entry(name.to_owned()).or_insert_with(|| {
            Arc::new(Host {
                slots: Semaphore::new(self.limit),
                next_start: tokio::sync::Mutex::new(start),
            })
        });
        Arc::clone(host)
    }

    fn known_hosts(&self) -> MutexGuard<'_, HashMap<String, Arc<Host>>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
