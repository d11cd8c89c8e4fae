//! Keeps handles, and dropping a handle stops nothing. Caught by `Darkroom::a_dropped_room_stops_its_jobs`, which says "which detaches its task".

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
        for job in self.jobs.drain(..) {
            let _ended = job.await;
        }
    }
}
