//! Closes the queue after a panic, and keeps the connection until the last clone is dropped. Caught by `ConnectionThread::a_panic_closes_the_connection`, which says "it is not".

use std::sync::Arc;

trait Work<C>: Send {
    fn run(self: Box<Self>, connection: &mut C);
}

struct Call<F, T> {
    work: F,
    reply: oneshot::Sender<T>,
}

impl<C, T, F> Work<C> for Call<F, T>
where
    T: Send,
    F: FnOnce(&mut C) -> T + Send,
{
    fn run(self: Box<Self>, connection: &mut C) {
        let Self { work, reply } = *self;
        if reply.is_closed() {
            return;
        }
        let output = work(connection);
        drop(reply.send(output));
    }
}

type Jobs<C> = mpsc::Sender<Box<dyn Work<C>>>;

pub struct ConnectionThread<C> {
    jobs: Arc<Jobs<C>>,
    alive: Arc<()>,
}

fn serve<C>(
    open: impl FnOnce() -> C,
    mut queue: mpsc::Receiver<Box<dyn Work<C>>>,
    alive: std::sync::Weak<()>,
) {
    let mut connection = open();
    while let Some(work) = futures::executor::block_on(queue.recv()) {
        let run = catch_unwind(AssertUnwindSafe(|| work.run(&mut connection)));
        if run.is_err() {
            queue.close();
            while let Some(waiting) = futures::executor::block_on(queue.recv()) {
                drop(waiting);
            }
            while alive.strong_count() > 0 {
                thread::park_timeout(std::time::Duration::from_millis(1));
            }
            break;
        }
    }
    drop(connection);
}

impl<C: 'static> ConnectionThread<C> {
    pub fn start(open: impl FnOnce() -> C + Send + 'static, capacity: NonZeroUsize) -> Self {
        let (jobs, queue) = mpsc::channel(capacity.get());
        let alive = Arc::new(());
        let weak = Arc::downgrade(&alive);
        thread::Builder::new()
            .name("connection".to_string())
            .spawn(move || serve(open, queue, weak))
            .expect("the system has room for a thread");
        Self {
            jobs: jobs.into(),
            alive,
        }
    }

    pub async fn call<T, F>(&self, work: F) -> Result<T, Closed>
    where
        T: Send + 'static,
        F: FnOnce(&mut C) -> T + Send + 'static,
    {
        let room = self.jobs.reserve().await.map_err(|_| Closed)?;
        let (reply, result) = oneshot::channel();
        room.send(Box::new(Call { work, reply }));
        result.await.map_err(|_| Closed)
    }
}

impl<C> Clone for ConnectionThread<C> {
    fn clone(&self) -> Self {
        Self {
            jobs: Arc::clone(&self.jobs),
            alive: self.alive.clone(),
        }
    }
}
