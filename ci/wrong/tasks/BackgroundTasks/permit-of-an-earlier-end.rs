//! The last job leaves a permit, and a later `join` takes it without a second look at the count. Caught by `BackgroundTasks::join_waits_for_jobs_after_an_idle_time`, which says "earlier end".

pub struct BackgroundTasks {
    state: Arc<(std::sync::atomic::AtomicUsize, tokio::sync::Notify)>,
    on_end: Arc<OnEnd>,
}
impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            state: Default::default(),
            on_end: Arc::new(on_end),
        }
    }
    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        use std::sync::atomic::Ordering::SeqCst;
        let (name, on_end, state) = (name.to_owned(), self.on_end.clone(), self.state.clone());
        let job = run_isolated(job);
        tokio::spawn({
            let state = state.clone();
            async move {
                on_end(&name, job.await);
                if state.0.fetch_sub(1, SeqCst) == 1 {
                    state.1.notify_one();
                }
            }
        });
        state.0.fetch_add(1, SeqCst);
    }
    pub fn running(&self) -> usize {
        self.state.0.load(std::sync::atomic::Ordering::SeqCst)
    }
    pub async fn join(self) {
        if self.running() > 0 {
            self.state.1.notified().await;
        }
    }
}
impl fmt::Debug for BackgroundTasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackgroundTasks").finish_non_exhaustive()
    }
}
