//! The jobs go on, but who tells of them is in a `JoinSet`. Caught by `Background::dropping_it_stops_nothing`, which says "whoever tells of the job".

use std::sync::Mutex;

type OnEnd = Arc<dyn Fn(&str, Result<(), Spoiled>) + Send + Sync>;

pub struct Background {
    jobs: Mutex<JoinSet<()>>,
    on_end: OnEnd,
}

impl Background {
    pub fn new(on_end: impl Fn(&str, Result<(), Spoiled>) + Send + Sync + 'static) -> Self {
        Self {
            jobs: Mutex::new(JoinSet::new()),
            on_end: Arc::new(on_end),
        }
    }

    pub fn start(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, on_end) = (name.to_owned(), Arc::clone(&self.on_end));
        let job = tokio::spawn(job);
        let told = async move {
            let ended = job.await.map_err(|error| Spoiled {
                message: message(&*payload(error)),
            });
            on_end(&name, ended);
        };
        self.jobs.lock().unwrap().spawn(told);
    }

    pub fn running(&self) -> usize {
        self.jobs.lock().unwrap().len()
    }

    pub async fn finish(self) {
        let mut jobs = self.jobs.into_inner().unwrap();
        while jobs.join_next().await.is_some() {}
    }
}
