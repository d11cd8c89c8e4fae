//! Waits in `start` until the connection is open. Caught by `ConnectionThread::starting_it_does_not_wait`, which says "that `start` waits for the thread".

pub struct ConnectionThread<C> {
    jobs: mpsc::Sender<ConnectionJob<C>>,
}

impl<C: 'static> ConnectionThread<C> {
    pub fn start(open: impl FnOnce() -> C + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (jobs, mut queue) = mpsc::channel::<ConnectionJob<C>>(capacity.get());
        let (open_tx, is_open) = std::sync::mpsc::channel();
        thread::spawn(move || {
            let mut connection = open();
            let _ = open_tx.send(());
            while let Some(job) = queue.blocking_recv() {
                job(&mut connection);
            }
        });
        let _ = is_open.recv();
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
