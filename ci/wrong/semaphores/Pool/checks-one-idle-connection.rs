//! If the first idle connection is broken, a new one is opened without a look at the others. Caught by `Pool::lends_another_idle_connection_instead_of_a_broken_one`, which says "only one idle connection is looked at".

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
        let idle = self.idle.lock().unwrap().pop();
        let connection = match idle {
            Some(connection) if !connection.is_broken() => Some(connection),
            _ => Some(C::open().await?),
        };
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
