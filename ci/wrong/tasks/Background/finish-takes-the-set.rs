//! `finish` takes the set of jobs, and whoever drops it aborts them. Caught by `Background::dropping_finish_stops_nothing`, which says "aborts what is in it when it is dropped".

pub struct Background {
    jobs: std::sync::Mutex<JoinSet<()>>,
    on_end: Arc<Listener>,
}

impl Background {
    pub fn new(on_end: impl Fn(&str, Result<(), Spoiled>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: std::sync::Mutex::default(),
            on_end: Arc::new(on_end),
        }
    }

    pub fn start(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let job = develop(job);
        self.jobs
            .lock()
            .unwrap()
            .spawn(async move { on_end(&name, job.await) });
    }

    pub fn running(&self) -> usize {
        let mut jobs = self.jobs.lock().unwrap();
        while jobs.try_join_next().is_some() {}
        jobs.len()
    }

    pub async fn finish(self) {
        let mut jobs = std::mem::take(&mut *self.jobs.lock().unwrap());
        while jobs.join_next().await.is_some() {}
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.jobs.lock().unwrap().detach_all();
    }
}
