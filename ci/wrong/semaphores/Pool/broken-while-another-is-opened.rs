//! A variable keeps the broken connection until the new one is open. Caught by `Pool::a_broken_connection_is_closed_before_another_is_opened`, which says "across the `.await` of `open`".

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
        let mut candidate = self.idle.lock().unwrap().pop();
        while let Some(connection) = &candidate
            && connection.is_broken()
        {
            let next = self.idle.lock().unwrap().pop();
            if next.is_none() {
                break;
            }
            candidate = next;
        }
        let connection = match candidate {
            Some(ref connection) if connection.is_broken() => Some(C::open().await?),
            None => Some(C::open().await?),
            usable => usable,
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
