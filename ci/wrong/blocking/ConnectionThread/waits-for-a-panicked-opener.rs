//! Keeps the queue alive in a thread that has failed to open, so that its calls wait forever. Caught by `ConnectionThread::a_connection_that_cannot_be_opened_is_closed`, which says "the sender of its result is kept".

pub struct ConnectionThread<C> {
    jobs: mpsc::Sender<ConnectionJob<C>>,
}

impl<C: 'static> ConnectionThread<C> {
    pub fn start(open: impl FnOnce() -> C + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (jobs, mut queue) = mpsc::channel::<ConnectionJob<C>>(capacity.get());
        thread::spawn(move || {
            let Ok(mut connection) = catch_unwind(AssertUnwindSafe(open)) else {
                std::mem::forget(queue);
                return;
            };
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
