//! The permit is forgotten while a connection is opened, and added again after that. Caught by `Pool::an_error_of_open_releases_the_permit`, which says "a line that was not reached".

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
        self.permits.acquire().await.unwrap().forget();
        let idle = {
            let mut idle = self.idle.lock().unwrap();
            std::iter::from_fn(|| idle.pop()).find(|connection| !connection.is_broken())
        };
        let connection = match idle {
            Some(connection) => Some(connection),
            None => Some(C::open().await?),
        };
        self.permits.add_permits(1);
        let _permit = self.permits.acquire().await.unwrap();
        Ok(PooledConnection {
            connection,
            pool: self,
            _permit,
        })
    }

    fn put_back(&self, connection: C) {
        if !std::thread::panicking() && !connection.is_broken() {
            self.idle.lock().unwrap().push(connection);
        }
    }
}
