//! A tracker counts tasks, and dropping it stops none. Caught by `Darkroom::a_dropped_room_stops_its_jobs`, which says "every job should stop".

pub struct Darkroom {
    jobs: TaskTracker,
}

impl Darkroom {
    pub fn open() -> Self {
        Self {
            jobs: TaskTracker::new(),
        }
    }

    pub fn start(&mut self, job: impl Future<Output = ()> + Send + 'static) {
        self.jobs.spawn(job);
    }

    pub async fn close(mut self) {
        self.jobs.close();
        self.jobs.wait().await;
    }
}
