//! The work that runs takes a place of those that wait. Caught by `ConnectionThread::the_work_that_runs_takes_no_room`, which says "takes a place of those that wait".

use std::sync::Arc;
use tokio::sync::Semaphore;

pub struct ConnectionThread<C> {
    jobs: mpsc::UnboundedSender<ConnectionJob<C>>,
    room: Arc<Semaphore>,
}

/// Tells calls that wait for room that the thread has ended.
struct CloseWhenDropped(Arc<Semaphore>);

impl Drop for CloseWhenDropped {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<C: 'static> ConnectionThread<C> {
    pub fn start(open: impl FnOnce() -> C + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (jobs, mut queue) = mpsc::unbounded_channel::<ConnectionJob<C>>();
        let room = Arc::new(Semaphore::new(capacity.get()));
        let close = CloseWhenDropped(Arc::clone(&room));
        thread::spawn(move || {
            let _close = close;
            let mut connection = open();
            while let Some(job) = queue.blocking_recv() {
                job(&mut connection);
            }
        });
        Self { jobs, room }
    }

    pub async fn call<T, F>(&self, work: F) -> Result<T, Closed>
    where
        T: Send + 'static,
        F: FnOnce(&mut C) -> T + Send + 'static,
    {
        let place = Arc::clone(&self.room).acquire_owned().await;
        let place = place.map_err(|_| Closed)?;
        let (tx, rx) = oneshot::channel();
        let job = move |connection: &mut C| {
            if !tx.is_closed() {
                let output = work(connection);
                drop(place);
                let _ = tx.send(output);
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
            room: Arc::clone(&self.room),
        }
    }
}
