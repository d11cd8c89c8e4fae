//! It looks for an idle connection that is not broken, and leaves the broken ones where they are. Caught by `Pool::lends_another_idle_connection_instead_of_a_broken_one`, which says "passed over, and stays in the pool".

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
        let found = {
            let mut idle = self.idle();
            let at = idle.iter().rposition(|c| !c.is_broken());
            at.map(|at| idle.remove(at))
        };
        let connection = match found {
            Some(c) => c,
            None => {
                self.idle().clear();
                C::open().await?
            }
        };
        Ok(PooledConnection { connection: Some(connection), pool: self, _permit: permit })
    }

    fn put_back(&self, connection: C) {
        if std::thread::panicking() || connection.is_broken() {
            return;
        }
        self.idle().push(connection);
    }
}
