//! A payment that takes longer than fifteen minutes counts as failed. Caught by `SeatReservations::a_payment_may_take_days`, which says "a payment has a time limit".

impl SeatReservations {
    pub fn new(seats: usize) -> Self {
        Self {
            taken: Mutex::new(vec![false; seats]),
        }
    }

    pub async fn free(&self) -> usize {
        self.taken().iter().filter(|taken| !**taken).count()
    }

    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), BookingError> {
        let reservation = self.reserve(seat).ok_or(BookingError::Taken)?;
        let limit = Duration::from_secs(15 * 60);
        if !tokio::time::timeout(limit, pay).await.unwrap_or(false) {
            return Err(BookingError::NotPaid);
        }
        reservation.confirm();
        Ok(())
    }

    fn reserve(&self, seat: usize) -> Option<Reservation<'_>> {
        let was_taken = std::mem::replace(self.taken().get_mut(seat)?, true);
        (!was_taken).then(|| Reservation { seats: self, seat })
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
