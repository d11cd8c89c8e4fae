//! The permit is forgotten while a connection is opened, and added again after that. Caught by `Pool::a_failed_open_frees_the_place`, which says "a line that was not reached".

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
        self.permits.acquire().await.unwrap().forget();
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
