//! Closes the connection when any clone is dropped. Caught by `ConnectionThread::dropping_the_last_clone_closes_it`, which says "when the first clone is dropped".

pub struct ConnectionThread<C> {
    jobs: mpsc::Sender<ConnectionJob<C>>,
    closed: CancellationToken,
}

impl<C: 'static> ConnectionThread<C> {
    pub fn start(open: impl FnOnce() -> C + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (jobs, mut queue) = mpsc::channel::<ConnectionJob<C>>(capacity.get());
        let closed = CancellationToken::new();
        thread::spawn(move || {
            let mut connection = open();
            while let Some(job) = queue.blocking_recv() {
                job(&mut connection);
            }
        });
        Self { jobs, closed }
    }

    pub async fn call<T, F>(&self, work: F) -> Result<T, Closed>
    where
        T: Send + 'static,
        F: FnOnce(&mut C) -> T + Send + 'static,
    {
        if self.closed.is_cancelled() {
            return Err(Closed);
        }
        let (tx, rx) = oneshot::channel();
        let job = move |connection: &mut C| {
            if !tx.is_closed() {
                let _ = tx.send(work(connection));
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
            closed: self.closed.clone(),
        }
    }
}

impl<C> Drop for ConnectionThread<C> {
    fn drop(&mut self) {
        self.closed.cancel();
    }
}
