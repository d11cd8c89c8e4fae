//! Calls that wait are woken by a `Notify`, and compete. Caught by `HostLimiter::leaves_a_gap_between_starts`, which says "woken and then compete".

struct Host {
    slots: Semaphore,
    next_start: tokio::sync::Mutex<Instant>,
    changed: tokio::sync::Notify,
}

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
        let slot = loop {
            let changed = host.changed.notified();
            let Ok(slot) = host.slots.try_acquire() else {
                changed.await;
                continue;
            };
            let Ok(mut next_start) = host.next_start.try_lock() else {
                drop(slot);
                changed.await;
                continue;
            };
            if *next_start > Instant::now() {
                let until = *next_start;
                drop((slot, next_start));
                sleep_until(until).await;
                continue;
            }
            *next_start = Instant::now() + self.gap;
            break slot;
        };
        let wake = Wake(&host.changed);
        let output = request.await;
        drop(slot);
        drop(wake);
        output
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = self.known_hosts();
        let host = hosts.entry(name.to_owned()).or_insert_with(|| {
            Arc::new(Host {
                slots: Semaphore::new(self.limit),
                next_start: tokio::sync::Mutex::new(Instant::now()),
                changed: tokio::sync::Notify::new(),
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

struct Wake<'a>(&'a tokio::sync::Notify);

impl Drop for Wake<'_> {
    fn drop(&mut self) {
        self.0.notify_waiters();
    }
}
