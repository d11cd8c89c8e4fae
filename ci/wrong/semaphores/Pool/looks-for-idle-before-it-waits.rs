//! It looks for an idle connection before it waits for a permit, and opens one after the wait. Caught by `Pool::never_opens_more_than_its_size`, which says "although one was returned in the meantime".

impl<C: Connection> Pool<C> {
    pub fn new(size: usize) -> Self {
        Self {
            permits: Semaphore::new(size),
            idle: Mutex::default(),
        }
    }

    pub async fn get(&self) -> Result<PooledConnection<'_, C>, C::Error> {
        let idle = self.take_idle();
        let permit = self.permits.acquire().await.expect(NEVER_CLOSED);
        let connection = match idle {
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
        if !std::thread::panicking() && !connection.is_broken() {
            self.idle().push(connection);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<C>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
