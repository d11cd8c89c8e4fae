//! `start` clears away what has ended, and unwraps it. Caught by `Darkroom::a_job_may_start_after_a_panic`, which says "the join error of a task was unwrapped".

#[derive(Debug)]
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
        // Those that have ended need no place in the set any more.
        while let Some(ended) = self.jobs.try_join_next() {
            ended.unwrap();
        }
        self.jobs.spawn(job);
    }

    pub async fn close(mut self) {
        while self.jobs.join_next().await.is_some() {}
    }
}
