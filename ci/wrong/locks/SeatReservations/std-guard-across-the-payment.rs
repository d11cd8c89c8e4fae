//! Holds the guard of a `std` mutex during the payment. Caught by `SeatReservations::free_never_waits`, which says "Hangs".

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
        let mut taken = self.taken();
        if taken[seat] {
            return Err(BookingError::Taken);
        }
        if !pay.await {
            return Err(BookingError::NotPaid);
        }
        taken[seat] = true;
        Ok(())
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap()
    }
}
