//! Goes on after a panic if the call of the work was dropped. Caught by `ConnectionThread::a_panic_closes_the_connection`, which says "a connection that may be broken".

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
                match catch_unwind(AssertUnwindSafe(|| work(connection))) {
                    Ok(output) => drop(tx.send(output)),
                    Err(payload) if !tx.is_closed() => std::panic::resume_unwind(payload),
                    // The caller is gone, and with it the interest in what happened.
                    Err(_payload) => {}
                }
            }
        };
        self.jobs.send(Box::new(job)).await.map_err(|_| Closed)?;
        rx.await.map_err(|_| Closed)
    }
}
