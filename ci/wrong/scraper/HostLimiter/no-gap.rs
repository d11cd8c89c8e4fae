//! There is no gap. Caught by `HostLimiter::leaves_a_gap_between_starts`, which says "nothing waits for the gap".

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
        let _slot = host.slots.acquire().await.expect("it is never closed");
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
