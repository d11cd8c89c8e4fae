//! A list of the waiting callers, and the first is told that there is a permit, also if it has been dropped. Caught by `Pool::a_dropped_caller_does_not_stop_the_others`, which says "also if it was dropped".

pub struct Pool<C> {
    permits: Semaphore,
    idle: Mutex<Vec<C>>,
    waiting: Mutex<std::collections::VecDeque<oneshot::Sender<()>>>,
}

struct WakesNext<'a, C>(&'a Pool<C>);

impl<C> Drop for WakesNext<'_, C> {
    fn drop(&mut self) {
        if let Some(next) = self.0.waiting.lock().unwrap().pop_front() {
            let _ = next.send(());
        }
    }
}

impl<C: Connection> Pool<C> {
    pub fn new(size: usize) -> Self {
        Self {
            permits: Semaphore::new(size),
            idle: Mutex::default(),
            waiting: Mutex::default(),
        }
    }

    pub async fn get(&self) -> Result<PooledConnection<'_, C>, C::Error> {
        let _permit = loop {
            if let Ok(permit) = self.permits.try_acquire() {
                break permit;
            }
            let (tx, rx) = oneshot::channel();
            self.waiting.lock().unwrap().push_back(tx);
            let _ = rx.await;
        };
        let not_opened = WakesNext(self);
        let idle = {
            let mut idle = self.idle.lock().unwrap();
            std::iter::from_fn(|| idle.pop()).find(|connection| !connection.is_broken())
        };
        let connection = match idle {
            Some(connection) => Some(connection),
            None => Some(C::open().await?),
        };
        std::mem::forget(not_opened);
        Ok(PooledConnection {
            connection,
            pool: self,
            _permit,
        })
    }

    fn put_back(&self, connection: C) {
        let _next = WakesNext(self);
        if !std::thread::panicking() && !connection.is_broken() {
            self.idle.lock().unwrap().push(connection);
        }
    }
}
