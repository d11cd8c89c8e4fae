//! Broken connections are passed over, and stay open in the list. Caught by `Pool::a_connection_that_broke_while_idle_is_not_lent`, which says "is passed over or put back".

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
            let usable = idle.iter().rposition(|connection| !connection.is_broken());
            usable.map(|index| idle.remove(index))
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
        if !std::thread::panicking() && !connection.is_broken() {
            self.idle.lock().unwrap().push(connection);
        }
    }
}
