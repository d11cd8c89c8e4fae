//! What runs is kept in a set of names. Caught by `Background::two_jobs_of_one_name_are_two`, which says "kept by name".

pub struct Background {
    jobs: TaskTracker,
    names: Arc<std::sync::Mutex<std::collections::HashSet<String>>>,
    on_end: Arc<Listener>,
}

impl Background {
    pub fn new(on_end: impl Fn(&str, Result<(), Spoiled>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: TaskTracker::new(),
            names: Arc::default(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn start(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end, names) = (
            name.to_owned(),
            Arc::clone(&self.on_end),
            Arc::clone(&self.names),
        );
        names.lock().unwrap().insert(name.clone());
        let job = develop(job);
        self.jobs.spawn(async move {
            on_end(&name, job.await);
            names.lock().unwrap().remove(&name);
        });
    }

    pub fn running(&self) -> usize {
        self.names.lock().unwrap().len()
    }
    pub async fn finish(self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
