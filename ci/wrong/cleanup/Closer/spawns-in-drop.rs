//! The destructor spawns the closing, which needs a runtime on its thread. Caught by `Closer::a_guard_may_be_dropped_on_any_thread`, which says "the destructor calls `tokio::spawn`".

use std::sync::atomic::{AtomicUsize, Ordering};
use tokio_util::task::task_tracker::TaskTrackerToken;

pub struct Closer<C> {
    tasks: TaskTracker,
    failed: Arc<AtomicUsize>,
    _in_use: TaskTrackerToken,
    _connection: std::marker::PhantomData<C>,
}

impl<C: Connection> Closer<C> {
    pub fn spawn() -> (Self, JoinHandle<usize>) {
        let (tasks, failed) = (TaskTracker::new(), Arc::new(AtomicUsize::new(0)));
        let (all, count) = (tasks.clone(), Arc::clone(&failed));
        let closer = Self::of(tasks, failed);
        let owner = tokio::spawn(async move {
            all.close();
            all.wait().await;
            count.load(Ordering::SeqCst)
        });
        (closer, owner)
    }

    fn of(tasks: TaskTracker, failed: Arc<AtomicUsize>) -> Self {
        Self {
            _in_use: tasks.token(),
            _connection: std::marker::PhantomData,
            tasks,
            failed,
        }
    }

    pub fn guard(&self, connection: C) -> Guard<C> {
        Guard {
            connection: Some(connection),
            closer: Self::of(self.tasks.clone(), Arc::clone(&self.failed)),
        }
    }

    fn close_later(&self, connection: C) {
        self.close_in_task(connection);
    }

    async fn close(&self, connection: C) -> io::Result<()> {
        self.close_in_task(connection).await.unwrap()
    }

    fn close_in_task(&self, connection: C) -> JoinHandle<io::Result<()>> {
        let failed = Arc::clone(&self.failed);
        self.tasks.spawn(async move {
            let closed = tokio::spawn(connection.close()).await;
            if !matches!(closed, Ok(Ok(()))) {
                failed.fetch_add(1, Ordering::SeqCst);
            }
            closed.expect("closing the connection panicked")
        })
    }
}
