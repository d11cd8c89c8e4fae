//! Nobody asks why a connection comes back. Caught by `Pool::a_panic_closes_its_line_and_frees_its_place`, which says "it is kept".

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
        if !connection.is_broken() {
            self.free.lock().unwrap().push(connection);
        }
    }
}
