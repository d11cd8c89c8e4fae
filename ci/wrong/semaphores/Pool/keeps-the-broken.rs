//! Whatever comes back is kept, and lent again. Caught by `Pool::a_broken_line_is_closed_and_not_lent`, which says "should be closed".

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
        let free = self.free.lock().unwrap().pop();
        let connection = match free {
            Some(connection) => Some(connection),
            None => Some(C::open().await?),
        };
        Ok(Loan {
            connection,
            pool: self,
            _permit,
        })
    }

    fn give_back(&self, connection: C) {
        if !std::thread::panicking() {
            self.free.lock().unwrap().push(connection);
        }
    }
}
