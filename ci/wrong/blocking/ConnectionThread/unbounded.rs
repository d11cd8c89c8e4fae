//! Its queue has no limit, so the work of all calls is kept while the thread is busy. Caught by `ConnectionThread::at_most_capacity_pieces_wait`, which says "the queue has no limit".

pub struct ConnectionThread<C> {
    jobs: mpsc::UnboundedSender<ConnectionJob<C>>,
}

impl<C: 'static> ConnectionThread<C> {
    pub fn start(open: impl FnOnce() -> C + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (jobs, mut queue) = mpsc::unbounded_channel::<ConnectionJob<C>>();
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
                let _ = tx.send(work(connection));
            }
        };
        self.jobs.send(Box::new(job)).map_err(|_| Closed)?;
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
