//! Looks for a `String` in the panic and for nothing else. Caught by `BackgroundTasks::every_kind_of_panic_message_is_kept`, which says "one type of payload only".

pub struct BackgroundTasks {
    jobs: TaskTracker,
    on_end: Arc<OnEnd>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn running(&self) -> usize {
        self.jobs.len()
    }

    pub async fn join(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let job = tokio::spawn(job);
        self.jobs.spawn(async move {
            on_end(
                &name,
                job.await.map_err(|error| {
                    let message = error.into_panic().downcast_ref::<String>().cloned();
                    JobPanicked {
                        message: message.unwrap_or_else(|| "?".to_owned()),
                    }
                }),
            );
        });
    }
}
