//! The job is counted before `tokio::spawn`, which panics outside of a runtime. Caught by `BackgroundTasks::a_spawn_that_panics_starts_no_job`, which says "stays counted".

pub struct BackgroundTasks {
    count: Arc<tokio::sync::watch::Sender<usize>>,
    on_end: Arc<OnEnd>,
}
impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            count: Arc::new(tokio::sync::watch::Sender::new(0)),
            on_end: Arc::new(on_end),
        }
    }
    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        self.count.send_modify(|n| *n += 1);
        let (name, on_end, count) = (name.to_owned(), self.on_end.clone(), self.count.clone());
        tokio::spawn(async move {
            on_end(&name, run_isolated(job).await);
            count.send_modify(|n| *n -= 1);
        });
    }
    pub fn running(&self) -> usize {
        *self.count.borrow()
    }
    pub async fn join(self) {
        let _ = self.count.subscribe().wait_for(|n| *n == 0).await;
    }
}
impl fmt::Debug for BackgroundTasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackgroundTasks").finish_non_exhaustive()
    }
}
