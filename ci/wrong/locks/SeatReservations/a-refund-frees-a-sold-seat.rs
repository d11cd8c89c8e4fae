//! A booking that ends unpaid frees the seat that was marked last, which may be another one. Caught by `SeatReservations::any_bookings_change_their_own_seats`, which says "and may overlap".

pub struct SeatReservations {
    seats: usize,
    taken: Mutex<Vec<usize>>,
}

impl SeatReservations {
    pub fn new(seats: usize) -> Self {
        Self {
            seats,
            taken: Mutex::new(Vec::new()),
        }
    }

    pub async fn free(&self) -> usize {
        self.seats - self.taken().len()
    }

    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), BookingError> {
        {
            let mut taken = self.taken();
            if seat >= self.seats || taken.contains(&seat) {
                return Err(BookingError::Taken);
            }
            taken.push(seat);
        }
        let reservation = Reservation { seats: self, seat };
        if !pay.await {
            return Err(BookingError::NotPaid);
        }
        std::mem::forget(reservation);
        Ok(())
    }

    fn taken(&self) -> MutexGuard<'_, Vec<usize>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Reservation<'a> {
    seats: &'a SeatReservations,
    seat: usize,
}



impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        let _ = self.seat;
        self.seats.taken().pop();
    }
}
