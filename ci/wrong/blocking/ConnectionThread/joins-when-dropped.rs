//! Waits for the thread when the last clone is dropped. Caught by `ConnectionThread::dropping_the_last_clone_closes_it`, which says "`drop` joins the thread".

use std::sync::{Arc, Mutex};

pub struct ConnectionThread<C> {
    jobs: Option<mpsc::Sender<ConnectionJob<C>>>,
    thread: Arc<Mutex<Option<thread::JoinHandle<()>>>>,
}

impl<C: 'static> ConnectionThread<C> {
    pub fn start(open: impl FnOnce() -> C + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (jobs, mut queue) = mpsc::channel::<ConnectionJob<C>>(capacity.get());
        let thread = thread::spawn(move || {
            let mut connection = open();
            while let Some(job) = queue.blocking_recv() {
                job(&mut connection);
            }
        });
        Self {
            jobs: Some(jobs),
            thread: Arc::new(Mutex::new(Some(thread))),
        }
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
        let jobs = self.jobs.as_ref().ok_or(Closed)?;
        jobs.send(Box::new(job)).await.map_err(|_| Closed)?;
        rx.await.map_err(|_| Closed)
    }
}

impl<C> Clone for ConnectionThread<C> {
    fn clone(&self) -> Self {
        Self {
            jobs: self.jobs.clone(),
            thread: Arc::clone(&self.thread),
        }
    }
}

impl<C> Drop for ConnectionThread<C> {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if Arc::strong_count(&self.thread) == 1
            && let Some(thread) = self.thread.lock().unwrap().take()
        {
            let _ = thread.join();
        }
    }
}
