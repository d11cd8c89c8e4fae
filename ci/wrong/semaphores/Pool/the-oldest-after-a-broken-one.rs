//! If the connection that was returned last is broken, the one that has been idle longest is lent. Caught by `Pool::lends_the_latest_that_is_not_broken`, which says "returned before the broken one".

pub struct Pool<C> {
    permits: Semaphore,
    idle: Mutex<Vec<C>>,
}

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
        let last = idle.pop()?;
        if !last.is_broken() {
            return Some(last);
        }
        while !idle.is_empty() {
            let oldest = idle.remove(0);
            if !oldest.is_broken() {
                return Some(oldest);
            }
        }
        None
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
