//! `JoinSet::join_all` panics if a task did. Caught by `Darkroom::a_panic_stops_no_other`, which says "came out of `close`".

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
        std::mem::take(&mut self.jobs).join_all().await;
    }
}
