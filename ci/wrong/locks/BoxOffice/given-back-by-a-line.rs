//! A line behind the `.await` gives the seat back, and nobody gets there when the client leaves. Caught by `BoxOffice::a_client_who_leaves_frees_the_seat`, which says "by a line after the `.await`".

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
        if std::mem::replace(&mut self.taken()[seat], true) {
            return Err(NotBooked::Taken);
        }
        if !pay.await {
            self.taken()[seat] = false;
            return Err(NotBooked::NotPaid);
        }
        Ok(())
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap()
    }
}
