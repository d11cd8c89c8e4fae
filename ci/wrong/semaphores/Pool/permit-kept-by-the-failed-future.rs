//! After an error of `open`, the future keeps the permit until it is dropped. Caught by `Pool::a_finished_call_keeps_no_permit`, which says "kept in the future until that is dropped".

use std::future::poll_fn;
use std::task::{Poll, ready};

impl<C: Connection> Pool<C> {
    pub fn new(size: usize) -> Self {
        Self {
            permits: Semaphore::new(size),
            idle: Mutex::default(),
        }
    }

    pub fn get(&self) -> impl Future<Output = Result<PooledConnection<'_, C>, C::Error>> {
        let mut getting = Box::pin(async {
            let permit = self.permits.acquire().await.expect(NEVER_CLOSED);
            let opened = match self.take_idle() {
                Some(connection) => Ok(connection),
                None => C::open().await,
            };
            (opened, permit)
        });
        let mut kept = None;
        poll_fn(move |cx| {
            let (opened, permit) = ready!(getting.as_mut().poll(cx));
            Poll::Ready(match opened {
                Ok(connection) => Ok(PooledConnection {
                    connection: Some(connection),
                    pool: self,
                    _permit: permit,
                }),
                Err(error) => {
                    kept = Some(permit);
                    Err(error)
                }
            })
        })
    }

    fn take_idle(&self) -> Option<C> {
        let mut idle = self.idle();
        std::iter::from_fn(|| idle.pop()).find(|connection| !connection.is_broken())
    }

    fn put_back(&self, connection: C) {
        if !std::thread::panicking() && !connection.is_broken() {
            self.idle().push(connection);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<C>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
