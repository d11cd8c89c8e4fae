//! There is one more seat than asked for. Caught by `SeatReservations::a_seat_that_does_not_exist_is_taken`, which says "one seat more than there should be".

impl SeatReservations {
    pub fn new(seats: usize) -> Self {
        Self {
            taken: Mutex::new(vec![false; seats + 1]),
        }
    }

    pub async fn free(&self) -> usize {
        let taken = self.taken();
        let (_spare, seats) = taken.split_last().expect("there is one more");
        seats.iter().filter(|taken| !**taken).count()
    }

    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), BookingError> {
        let reservation = self.reserve(seat).ok_or(BookingError::Taken)?;
        if !pay.await {
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
