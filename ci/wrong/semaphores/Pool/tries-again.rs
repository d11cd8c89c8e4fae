//! An error of `open` is swallowed once: the pool tries again. Caught by `Pool::an_error_of_open_releases_the_permit`, which says "tries again after an error".

pub struct Pool<C> {
    permits: Semaphore,
    idle: Mutex<Vec<C>>,
}

impl<C: Connection> Pool<C> {
    pub fn new(size: usize) -> Self {
        let (permits, idle) = (Semaphore::new(size), Mutex::default());
        Self { permits, idle }
    }

    pub async fn get(&self) -> Result<PooledConnection<'_, C>, C::Error> {
        let _permit = self.permits.acquire().await.unwrap();
        let connection = match self.take_idle() {
            Some(connection) => connection,
            None => match C::open().await {
                Ok(connection) => connection,
                Err(_) => C::open().await?,
            },
        };
        Ok(PooledConnection {
            connection: Some(connection),
            pool: self,
            _permit,
        })
    }

    fn take_idle(&self) -> Option<C> {
        let mut idle = self.idle.lock().unwrap();
        std::iter::from_fn(|| idle.pop()).find(|connection| !connection.is_broken())
    }

    fn put_back(&self, connection: C) {
        let mut idle = self.idle.lock().unwrap();
        if !std::thread::panicking() && !connection.is_broken() {
            idle.push(connection);
        }
    }
}
