//! Holds tokio's guard during the payment, which compiles. Caught by `SeatReservations::different_seats_do_not_wait_for_each_other`, which says "one payment after the other".

pub struct SeatReservations {
    taken: tokio::sync::Mutex<Vec<bool>>,
}

impl SeatReservations {
    pub fn new(seats: usize) -> Self {
        Self {
            taken: tokio::sync::Mutex::new(vec![false; seats]),
        }
    }

    pub async fn free(&self) -> usize {
        let taken = self.taken.lock().await;
        taken.iter().filter(|taken| !**taken).count()
    }

    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), BookingError> {
        let mut taken = self.taken.lock().await;
        if taken[seat] {
            return Err(BookingError::Taken);
        }
        if !pay.await {
            return Err(BookingError::NotPaid);
        }
        taken[seat] = true;
        Ok(())
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {}
}
