//! Opens the connection when the first work comes. Caught by `ConnectionThread::opens_the_connection_without_a_call`, which says "opened for the first call".

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
            let Some(first) = queue.blocking_recv() else {
                return;
            };
            let mut connection = open();
            first(&mut connection);
            while let Some(job) = queue.blocking_recv() {
                job(&mut connection);
            }
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
