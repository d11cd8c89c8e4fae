//! A job that is spawned while others run waits until all of them have ended. Caught by `BackgroundTasks::a_job_starts_while_others_run`, which says "it was called with [thumbnail at 40 ms".

use std::sync::atomic::Ordering::SeqCst;

type Job = futures::future::BoxFuture<'static, ()>;

pub struct BackgroundTasks {
    jobs: tokio::sync::mpsc::UnboundedSender<(String, Job)>,
    running: Arc<std::sync::atomic::AtomicUsize>,
    manager: tokio::task::JoinHandle<()>,
}

impl BackgroundTasks {
    pub fn new(on_end: impl Fn(&str, Result<(), JobPanicked>) + Send + Sync + 'static) -> Self {
        let (jobs, mut new) = tokio::sync::mpsc::unbounded_channel::<(String, Job)>();
        let running = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = Arc::clone(&running);
        let manager = tokio::spawn(async move {
            let mut tasks = JoinSet::new();
            while let Some((name, job)) = new.recv().await {
                tasks.spawn(async move { (name, run_isolated(job).await) });
                while let Ok((name, job)) = new.try_recv() {
                    tasks.spawn(async move { (name, run_isolated(job).await) });
                }
                while let Some(Ok((name, outcome))) = tasks.join_next().await {
                    on_end(&name, outcome);
                    count.fetch_sub(1, SeqCst);
                }
            }
        });
        Self {
            jobs,
            running,
            manager,
        }
    }

    pub fn spawn(&self, name: &str, job: impl Future<Output = ()> + Send + 'static) {
        self.running.fetch_add(1, SeqCst);
        let _ = self.jobs.send((name.to_owned(), Box::pin(job)));
    }

    pub fn running(&self) -> usize {
        self.running.load(SeqCst)
    }

    pub async fn join(self) {
        drop(self.jobs);
        let _ = self.manager.await;
    }
}
