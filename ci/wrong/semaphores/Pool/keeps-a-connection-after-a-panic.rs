//! A connection is kept although its user panicked. Caught by `Pool::a_panic_closes_the_connection_and_releases_the_permit`, which says "and was lent again".

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
        let idle = {
            let mut idle = self.idle.lock().unwrap();
            std::iter::from_fn(|| idle.pop()).find(|connection| !connection.is_broken())
        };
        let connection = match idle {
            Some(connection) => Some(connection),
            None => Some(C::open().await?),
        };
        Ok(PooledConnection {
            connection,
            pool: self,
            _permit,
        })
    }

    fn put_back(&self, connection: C) {
        if !connection.is_broken() {
            self.idle.lock().unwrap().push(connection);
        }
    }
}
