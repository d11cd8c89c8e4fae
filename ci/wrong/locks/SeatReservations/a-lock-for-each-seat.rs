//! Holds a lock of the seat during the payment: a second customer for the same seat waits. Caught by `SeatReservations::a_taken_seat_is_refused_at_once`, which says "waits for a lock".

pub struct SeatReservations {
    taken: Vec<tokio::sync::Mutex<bool>>,
}

impl SeatReservations {
    pub fn new(seats: usize) -> Self {
        Self {
            taken: (0..seats).map(|_| tokio::sync::Mutex::new(false)).collect(),
        }
    }

    pub async fn free(&self) -> usize {
        let free = |seat: &&tokio::sync::Mutex<bool>| seat.try_lock().is_ok_and(|taken| !*taken);
        self.taken.iter().filter(free).count()
    }

    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), BookingError> {
        let mut taken = self.taken[seat].lock().await;
        if *taken {
            return Err(BookingError::Taken);
        }
        if !pay.await {
            return Err(BookingError::NotPaid);
        }
        *taken = true;
        Ok(())
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {}
}
