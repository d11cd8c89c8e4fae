//! A connection whose user panics is neither put back nor dropped. Caught by `Pool::a_panic_closes_the_connection_and_releases_the_permit`, which says "neither put back nor dropped".

impl<C: Connection> Pool<C> {
    pub fn new(size: usize) -> Self {
        Self {
            permits: Semaphore::new(size),
            idle: Mutex::default(),
        }
    }

    pub async fn get(&self) -> Result<PooledConnection<'_, C>, C::Error> {
        let permit = self.permits.acquire().await.expect(NEVER_CLOSED);
        let connection = match self.take_idle() {
            Some(connection) => connection,
            None => C::open().await?,
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
        if std::thread::panicking() {
            std::mem::forget(connection);
        } else if !connection.is_broken() {
            self.idle().push(connection);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<C>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
