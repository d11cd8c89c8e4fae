//! Every caller has a new connection, and the old one is dropped. Caught by `Pool::lends_the_free_one_again`, which says "opened without looking".

pub struct Pool<C> {
    permits: Semaphore,
    free: Mutex<Vec<C>>,
}

impl<C: Connection> Pool<C> {
    pub fn new(size: usize) -> Self {
        let (permits, free) = (Semaphore::new(size), Mutex::default());
        Self { permits, free }
    }

    pub async fn get(&self) -> Result<Loan<'_, C>, C::Error> {
        let _permit = self.permits.acquire().await.unwrap();
        let connection = Some(C::open().await?);
        Ok(Loan {
            connection,
            pool: self,
            _permit,
        })
    }

    fn give_back(&self, connection: C) {
        if !std::thread::panicking() && !connection.is_broken() {
            self.free.lock().unwrap().push(connection);
        }
    }
}
