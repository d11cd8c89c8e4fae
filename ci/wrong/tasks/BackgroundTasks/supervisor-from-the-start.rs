//! Starts a task that calls `on_end` when the group is created. Caught by `BackgroundTasks::needs_no_runtime_before_the_first_job`, which says "`new` spawns a task".

use tokio::sync::mpsc;

pub struct BackgroundTasks {
    jobs: TaskTracker,
    ended: mpsc::UnboundedSender<(String, Result<(), JobPanicked>)>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        let jobs = TaskTracker::new();
        let (ended, mut is_ended) = mpsc::unbounded_channel::<(String, Result<(), JobPanicked>)>();
        tokio::spawn(async move {
            while let Some((name, outcome)) = is_ended.recv().await {
                on_end(&name, outcome);
            }
        });
        Self { jobs, ended }
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        let (name, ended) = (name.to_owned(), self.ended.clone());
        let job = run_isolated(job);
        self.jobs.spawn(async move {
            let _ = ended.send((name, job.await));
        });
    }

    pub fn running(&self) -> usize {
        self.jobs.len()
    }

    pub async fn join(self) {
        self.jobs.close();
        self.jobs.wait().await;
        tokio::task::yield_now().await;
    }
}

impl fmt::Debug for BackgroundTasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackgroundTasks").finish_non_exhaustive()
    }
}
