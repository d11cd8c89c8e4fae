//! A caller that finds a broken connection releases its permit and waits for another. Caught by `Pool::first_come_first_served`, which says "does not keep the place".

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
        let (permit, connection) = loop {
            let permit = self.permits.acquire().await.expect(NEVER_CLOSED);
            let last = self.idle().pop();
            match last {
                Some(connection) if connection.is_broken() => {
                    drop(connection);
                    drop(permit);
                }
                Some(connection) => break (permit, connection),
                None => break (permit, C::open().await?),
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
