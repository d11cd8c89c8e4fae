//! The permit that goes with the loan is not the one that was waited for, and that one is gone at once. Caught by `Pool::never_more_than_its_size_and_each_for_one`, which says "not what the caller waits for".

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
        drop(self.permits.acquire().await.unwrap());
        let free = self.free.lock().unwrap().pop();
        let connection = match free {
            Some(connection) => Some(connection),
            None => Some(C::open().await?),
        };
        self.permits.add_permits(1);
        let _permit = self.permits.acquire().await.unwrap();
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
