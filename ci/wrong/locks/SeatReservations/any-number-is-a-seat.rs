//! Keeps the taken seats in a set, so a seat that does not exist is free. Caught by `SeatReservations::a_seat_that_does_not_exist_is_taken`, which says "any other number looks free".

use std::collections::HashSet;

pub struct SeatReservations {
    seats: usize,
    taken: Mutex<HashSet<usize>>,
}

impl SeatReservations {
    pub fn new(seats: usize) -> Self {
        let taken = Mutex::default();
        Self { seats, taken }
    }

    pub async fn free(&self) -> usize {
        self.seats - self.taken.lock().unwrap().len()
    }

    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), BookingError> {
        if !self.taken.lock().unwrap().insert(seat) {
            return Err(BookingError::Taken);
        }
        let reservation = Reservation { seats: self, seat };
        if !pay.await {
            return Err(BookingError::NotPaid);
        }
        reservation.confirm();
        Ok(())
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.seats.taken.lock().unwrap().remove(&self.seat);
    }
}
