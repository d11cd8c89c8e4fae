//! Asks for the result again and again. Caught by `ConnectionThread::a_waiting_call_does_not_block_its_thread`, which says "a busy loop".

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
            let mut connection = open();
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
        let (tx, mut rx) = oneshot::channel();
        let job = move |connection: &mut C| {
            if !tx.is_closed() {
                let _ = tx.send(work(connection));
            }
        };
        self.jobs.send(Box::new(job)).await.map_err(|_| Closed)?;
        loop {
            match rx.try_recv() {
                Ok(output) => return Ok(output),
                Err(oneshot::error::TryRecvError::Closed) => return Err(Closed),
                Err(oneshot::error::TryRecvError::Empty) => tokio::task::yield_now().await,
            }
        }
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
