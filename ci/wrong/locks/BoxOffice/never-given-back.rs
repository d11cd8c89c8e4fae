//! A seat that was reserved stays so when the payment fails. Caught by `BoxOffice::a_seat_that_is_not_paid_for_is_free_again`, which says "not taken back when the payment fails".

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
            return Err(NotBooked::NotPaid);
        }
        Ok(())
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap()
    }
}
