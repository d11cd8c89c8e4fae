//! A lock is held while a connection is opened. Caught by `Pool::callers_do_not_wait_for_each_others_connections`, which says "one after the other".

impl<C: Connection> Pool<C> {
    pub fn new(size: usize) -> Self {
        Self {
            permits: Semaphore::new(size),
            idle: Mutex::default(),
            opening: tokio::sync::Mutex::default(),
        }
    }

    pub async fn get(&self) -> Result<PooledConnection<'_, C>, C::Error> {
        let permit = self.permits.acquire().await.expect(NEVER_CLOSED);
        let connection = match self.take_idle() {
            Some(connection) => connection,
            None => {
                let _opening = self.opening.lock().await;
                C::open().await?
            }
        };
        Ok(PooledConnection {
            connection: Some(connection),
            pool: self,
            _permit: permit,
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

pub struct Pool<C> {
    permits: Semaphore,
    idle: Mutex<Vec<C>>,
    opening: tokio::sync::Mutex<()>,
}
