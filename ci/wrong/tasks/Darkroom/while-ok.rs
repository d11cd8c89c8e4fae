//! The loop ends with the first join error. Caught by `Darkroom::a_panic_stops_no_other`, which says "a loop ends with the first join error".

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
        while let Some(Ok(())) = self.jobs.join_next().await {}
    }
}
