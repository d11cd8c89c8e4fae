//! Every caller gets a new connection. Caught by `Pool::lends_the_connection_that_was_returned_last`, which says "opened without a look at the idle ones".

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
        let connection = Some(C::open().await?);
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
