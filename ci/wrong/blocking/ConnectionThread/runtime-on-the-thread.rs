//! Runs a runtime on the thread, so the connection is used inside of one. Caught by `ConnectionThread::work_runs_in_order_on_one_thread`, which says "a runtime of its own".

type ConnectionJob<C> = Box<dyn FnOnce(&mut C) + Send>;

/// A synchronous connection on a thread of its own. Clones use the same connection.
pub struct ConnectionThread<C> {
    jobs: mpsc::Sender<ConnectionJob<C>>,
}

impl<C: 'static> ConnectionThread<C> {
    /// Starts the thread, which opens the connection.
    pub fn start(open: impl FnOnce() -> C + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (jobs, mut queue) = mpsc::channel::<ConnectionJob<C>>(capacity.get());
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().build().expect("a runtime");
            runtime.block_on(async move {
                let mut connection = open();
                while let Some(job) = queue.recv().await {
                    job(&mut connection);
                }
            });
        });
        Self { jobs }
    }

    /// Runs `work` on the thread, and returns its result.
    ///
    /// # Cancel safety
    ///
    /// Work that has not started is not run if the future is dropped.
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

// Derived, it would ask for `C: Clone`.
impl<C> Clone for ConnectionThread<C> {
    fn clone(&self) -> Self {
        Self {
            jobs: self.jobs.clone(),
        }
    }
}
