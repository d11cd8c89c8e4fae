//! Waits for the result with a channel of the standard library, which blocks the thread of the task. Caught by `ConnectionThread::a_waiting_call_does_not_block_its_thread`, which says "its poll blocks the thread".

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
        let (tx, rx) = std::sync::mpsc::channel();
        let job = move |connection: &mut C| {
            let _ = tx.send(work(connection));
        };
        self.jobs.send(Box::new(job)).await.map_err(|_| Closed)?;
        rx.recv().map_err(|_| Closed)
    }
}

impl<C> Clone for ConnectionThread<C> {
    fn clone(&self) -> Self {
        Self {
            jobs: self.jobs.clone(),
        }
    }
}
