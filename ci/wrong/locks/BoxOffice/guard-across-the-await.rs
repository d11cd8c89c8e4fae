//! The guard of a plain mutex is held while somebody pays. Caught by `BoxOffice::asking_never_waits`, which says "Hangs".

pub struct BoxOffice {
    taken: Mutex<Vec<bool>>,
}

impl BoxOffice {
    pub fn new(seats: usize) -> Self {
        Self {
            taken: Mutex::new(vec![false; seats]),
        }
    }

    pub async fn free(&self) -> usize {
        let taken = self.taken.lock().unwrap();
        taken.iter().filter(|taken| !**taken).count()
    }

    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), NotBooked> {
        let mut taken = self.taken();
        if taken[seat] {
            return Err(NotBooked::Taken);
        }
        if !pay.await {
            return Err(NotBooked::NotPaid);
        }
        taken[seat] = true;
        Ok(())
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap()
    }
}
