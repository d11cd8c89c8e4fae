//! Keeps the taken seats in the 32 bits of a number. Caught by `SeatReservations::different_seats_do_not_wait_for_each_other`, which says "with overflow".

pub struct SeatReservations {
    seats: usize,
    taken: Mutex<u32>,
}

struct Reservation<'a> {
    seats: &'a SeatReservations,
    bit: u32,
}

impl SeatReservations {
    pub fn new(seats: usize) -> Self {
        Self {
            seats,
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
        let bit = 1 << seat;
        let mut taken = self.taken();
        if *taken & bit != 0 {
            return None;
        }
        *taken |= bit;
        Some(Reservation { seats: self, bit })
    }

    fn taken(&self) -> MutexGuard<'_, u32> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        *self.seats.taken() &= !self.bit;
    }
}
