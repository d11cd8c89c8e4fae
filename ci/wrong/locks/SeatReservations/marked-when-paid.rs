//! Marks the seat after the payment, and until then other calls see it free. Caught by `SeatReservations::a_seat_is_sold_once_in_any_order`, which says "each saw a free seat".

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
        if self.taken()[seat] {
            return Err(BookingError::Taken);
        }
        if !pay.await {
            return Err(BookingError::NotPaid);
        }
        self.taken()[seat] = true;
        Ok(())
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap()
    }
}
