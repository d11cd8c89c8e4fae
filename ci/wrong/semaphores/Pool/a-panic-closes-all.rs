//! A panic closes the idle connections of others, too. Caught by `Pool::a_panic_closes_the_connection_and_releases_the_permit`, which says "closes all connections".

pub struct Pool<C> {
    permits: Semaphore,
    idle: Mutex<Vec<C>>,
}

impl<C: Connection> Pool<C> {
    pub fn new(size: usize) -> Self {
        Self {
            permits: Semaphore::new(size),
            idle: Mutex::new(Vec::new()),
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<C>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub async fn get(&self) -> Result<PooledConnection<'_, C>, C::Error> {
        let permit = self.permits.acquire().await.unwrap();
        let found = loop {
            let candidate = self.idle().pop();
            match candidate {
                None => break None,
                Some(c) if c.is_broken() => drop(c),
                Some(c) => break Some(c),
            }
        };
        let connection = match found {
            Some(c) => c,
            None => C::open().await?,
        };
        Ok(PooledConnection { connection: Some(connection), pool: self, _permit: permit })
    }

    fn put_back(&self, connection: C) {
        let Ok(mut idle) = self.idle.try_lock() else {
            return;
        };
        if !connection.is_broken() {
            idle.push(connection);
        }
        if std::thread::panicking() {
            idle.clear();
        }
    }
}
