//! Stops the jobs where it should wait for them. Caught by `Darkroom::close_waits_for_all`, which says "the jobs were stopped".

pub struct Darkroom {
    jobs: JoinSet<()>,
}

impl Darkroom {
    pub fn open() -> Self {
        Self {
            jobs: JoinSet::new(),
        }
    }

    pub fn start(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.spawn(job);
    }

    pub async fn close(mut self) {
        self.jobs.shutdown().await;
    }
}
