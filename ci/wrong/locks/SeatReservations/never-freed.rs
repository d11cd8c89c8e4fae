//! A seat stays reserved after its payment has failed. Caught by `SeatReservations::a_failed_payment_frees_the_seat`, which says "is not undone when the payment fails".

pub struct SeatReservations {
    taken: Mutex<Vec<bool>>,
}

impl SeatReservations {
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
    ) -> Result<(), BookingError> {
        if std::mem::replace(&mut self.taken()[seat], true) {
            return Err(BookingError::Taken);
        }
        if !pay.await {
            return Err(BookingError::NotPaid);
        }
        Ok(())
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap()
    }
}
