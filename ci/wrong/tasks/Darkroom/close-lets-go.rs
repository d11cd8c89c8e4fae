//! Aborts what is in its list; `close` has taken the handles out of it. Caught by `Darkroom::a_dropped_close_stops_its_jobs`, which says "When `close` is dropped".

use tokio::task::JoinHandle;

pub struct Darkroom {
    jobs: Vec<JoinHandle<()>>,
}

impl Darkroom {
    pub fn open() -> Self {
        Self { jobs: Vec::new() }
    }

    pub fn start(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.push(tokio::spawn(job));
    }

    pub async fn close(mut self) {
        for job in std::mem::take(&mut self.jobs) {
            let _ended = job.await;
        }
    }
}

impl Drop for Darkroom {
    fn drop(&mut self) {
        for job in &self.jobs {
            job.abort();
        }
    }
}
