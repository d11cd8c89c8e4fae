//! Only formatted messages are looked for. Caught by `Background::a_message_that_was_not_formatted_is_told_as_well`, which says "one kind of payload was forgotten".

pub struct Background {
    jobs: TaskTracker,
    on_end: Arc<Listener>,
}

impl Background {
    pub fn new(on_end: impl Fn(&str, Result<(), Spoiled>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn running(&self) -> usize {
        self.jobs.len()
    }
    pub async fn finish(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
    pub fn start(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let job = tokio::spawn(job);
        self.jobs.spawn(async move {
            on_end(
                &name,
                job.await.map_err(|error| {
                    let message = error.into_panic().downcast_ref::<String>().cloned();
                    Spoiled {
                        message: message.unwrap_or_else(|| "?".to_owned()),
                    }
                }),
            );
        });
    }
}
