//! Keeps the numbers of the taken seats in two bytes each. Caught by `SeatReservations::tells_any_two_seats_apart`, which says "too small".

use std::collections::HashSet;

pub struct SeatReservations {
    seats: usize,
    taken: Mutex<HashSet<u16>>,
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
        if seat >= self.seats || !self.taken.lock().unwrap().insert(seat as u16) {
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
        self.seats.taken.lock().unwrap().remove(&(self.seat as u16));
    }
}
