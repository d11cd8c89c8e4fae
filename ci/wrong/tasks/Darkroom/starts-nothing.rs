//! Keeps the jobs as futures until `close`. Caught by `Darkroom::jobs_begin_without_being_awaited`, which says "neither spawned nor awaited".

use futures::future::BoxFuture;

pub struct Darkroom {
    jobs: Vec<BoxFuture<'static, ()>>,
}

impl Darkroom {
    pub fn open() -> Self {
        Self { jobs: Vec::new() }
    }

    pub fn start(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.push(Box::pin(job));
    }

    pub async fn close(mut self) {
        let tasks: Vec<_> = self.jobs.drain(..).map(tokio::spawn).collect();
        futures::future::join_all(tasks).await;
    }
}
