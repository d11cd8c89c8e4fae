//! Counts a job before `tokio::spawn`, which may panic. Caught by `BackgroundTasks::spawn_panics_outside_of_a_runtime`, which says "counted before it is spawned".

pub struct BackgroundTasks {
    running: Arc<tokio::sync::watch::Sender<usize>>,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            running: Arc::new(tokio::sync::watch::Sender::new(0)),
            on_end: Arc::new(on_end),
        }
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        self.running.send_modify(|running| *running += 1);
        let running = Arc::clone(&self.running);
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        tokio::spawn(async move {
            on_end(&name, run_isolated(job).await);
            running.send_modify(|running| *running -= 1);
        });
    }

    pub fn running(&self) -> usize {
        *self.running.borrow()
    }

    pub async fn join(self) {
        let mut running = self.running.subscribe();
        let _ = running.wait_for(|running| *running == 0).await;
    }
}
