//! Calls `on_end` for a job that panicked under the lock that `running` takes. Caught by `BackgroundTasks::on_end_may_use_the_group`, which says "while a lock is held".

pub struct BackgroundTasks {
    jobs: TaskTracker,
    running: Arc<std::sync::Mutex<usize>>,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            running: Arc::default(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let counter = Arc::clone(&self.running);
        let job = run_isolated(job);
        let runtime = tokio::runtime::Handle::current();
        *self.running.lock().unwrap() += 1;
        let task = async move {
            match job.await {
                Ok(()) => {
                    *counter.lock().unwrap() -= 1;
                    on_end(&name, Ok(()));
                }
                Err(panicked) => {
                    let mut running = counter.lock().unwrap();
                    *running -= 1;
                    on_end(&name, Err(panicked));
                }
            }
        };
        self.jobs.spawn_on(task, &runtime);
    }

    pub fn running(&self) -> usize {
        *self.running.lock().unwrap()
    }

    pub async fn join(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
