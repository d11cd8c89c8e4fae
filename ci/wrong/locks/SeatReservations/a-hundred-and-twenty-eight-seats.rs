//! The seats are the bits of a `u128`, and there are no more than that. Caught by `SeatReservations::a_seat_that_does_not_exist_is_taken`, which says "their number has a limit".

#[derive(Debug)]
pub struct SeatReservations {
    seats: usize,
    taken: Mutex<u128>,
}

impl SeatReservations {
    pub fn new(seats: usize) -> Self {
        Self {
            seats: seats.min(128),
            taken: Mutex::new(0),
        }
    }

    pub async fn free(&self) -> usize {
        self.seats - self.taken().count_ones() as usize
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
        if seat >= self.seats {
            return None;
        }
        let mut taken = self.taken();
        let was_taken = *taken & (1 << seat) != 0;
        *taken |= 1 << seat;
        (!was_taken).then(|| Reservation { seats: self, seat })
    }

    fn taken(&self) -> MutexGuard<'_, u128> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        *self.seats.taken() &= !(1 << self.seat);
    }
}
