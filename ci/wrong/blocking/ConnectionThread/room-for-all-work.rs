//! Allocates room for `capacity` pieces of work. Caught by `ConnectionThread::the_capacity_may_be_the_largest`, which says "capacity overflow".

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use tokio::sync::Semaphore;

type ConnectionJob<C> = Box<dyn FnOnce(&mut C) + Send>;

struct Queue<C> {
    jobs: VecDeque<ConnectionJob<C>>,
    closed: bool,
}

struct Shared<C> {
    queue: Mutex<Queue<C>>,
    changed: Condvar,
    room: Semaphore,
}

impl<C> Shared<C> {
    fn close(&self) {
        let jobs = {
            let mut queue = self.queue.lock().expect("nothing panics under the lock");
            queue.closed = true;
            std::mem::take(&mut queue.jobs)
        };
        self.room.close();
        self.changed.notify_all();
        drop(jobs);
    }

    fn next(&self) -> Option<ConnectionJob<C>> {
        let mut queue = self.queue.lock().expect("nothing panics under the lock");
        loop {
            if queue.closed {
                return None;
            }
            if let Some(job) = queue.jobs.pop_front() {
                self.room.add_permits(1);
                return Some(job);
            }
            queue = self
                .changed
                .wait(queue)
                .expect("nothing panics under the lock");
        }
    }
}

struct CloseOnDrop<C>(Arc<Shared<C>>);

impl<C> Drop for CloseOnDrop<C> {
    fn drop(&mut self) {
        self.0.close();
    }
}

pub struct ConnectionThread<C> {
    clones: Arc<CloseOnDrop<C>>,
}

impl<C: 'static> ConnectionThread<C> {
    pub fn start(open: impl FnOnce() -> C + Send + 'static, capacity: NonZeroUsize) -> Self {
        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue {
                jobs: VecDeque::with_capacity(capacity.get()),
                closed: false,
            }),
            changed: Condvar::new(),
            room: Semaphore::new(capacity.get()),
        });
        let of_thread = CloseOnDrop(shared.clone());
        thread::spawn(move || {
            let shared = of_thread;
            let mut connection = open();
            while let Some(job) = shared.0.next() {
                job(&mut connection);
            }
        });
        Self {
            clones: Arc::new(CloseOnDrop(shared)),
        }
    }

    pub async fn call<T, F>(&self, work: F) -> Result<T, Closed>
    where
        T: Send + 'static,
        F: FnOnce(&mut C) -> T + Send + 'static,
    {
        let shared = &self.clones.0;
        let permit = shared.room.acquire().await.map_err(|_| Closed)?;
        let (tx, rx) = oneshot::channel();
        let job: ConnectionJob<C> = Box::new(move |connection| {
            if !tx.is_closed() {
                let _ = tx.send(work(connection));
            }
        });
        {
            let mut queue = shared.queue.lock().expect("nothing panics under the lock");
            if queue.closed {
                return Err(Closed);
            }
            permit.forget();
            queue.jobs.push_back(job);
        }
        shared.changed.notify_one();
        rx.await.map_err(|_| Closed)
    }
}

impl<C> Clone for ConnectionThread<C> {
    fn clone(&self) -> Self {
        Self {
            clones: self.clones.clone(),
        }
    }
}
