//! Panics on the thread if the caller of started work has gone. Caught by `ConnectionThread::work_that_has_started_runs_to_its_end`, which says "when the receiver of a result is gone".

pub struct ConnectionThread<C> {
    jobs: mpsc::Sender<ConnectionJob<C>>,
}

impl<C: 'static> ConnectionThread<C> {
    pub fn start(open: impl FnOnce() -> C + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (jobs, mut queue) = mpsc::channel::<ConnectionJob<C>>(capacity.get());
        thread::spawn(move || {
            let mut connection = open();
            while let Some(job) = queue.blocking_recv() {
                job(&mut connection);
            }
        });
        Self { jobs }
    }

    pub async fn call<T, F>(&self, work: F) -> Result<T, Closed>
    where
        T: Send + 'static,
        F: FnOnce(&mut C) -> T + Send + 'static,
    {
        let (tx, rx) = oneshot::channel();
        let job = move |connection: &mut C| {
            if !tx.is_closed() {
                if tx.send(work(connection)).is_err() {
                    std::panic::resume_unwind(Box::new("the caller has gone"));
                }
            }
        };
        self.jobs.send(Box::new(job)).await.map_err(|_| Closed)?;
        rx.await.map_err(|_| Closed)
    }
}

impl<C> Clone for ConnectionThread<C> {
    fn clone(&self) -> Self {
        Self {
            jobs: self.jobs.clone(),
        }
    }
}
