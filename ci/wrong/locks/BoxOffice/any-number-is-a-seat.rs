//! The seats that are taken are kept in a set, so any other number is free. Caught by `BoxOffice::a_seat_that_does_not_exist_is_taken`, which says "any other number looks free".

use std::collections::HashSet;

pub struct BoxOffice {
    seats: usize,
    taken: Mutex<HashSet<usize>>,
}

impl BoxOffice {
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
    ) -> Result<(), NotBooked> {
        if !self.taken.lock().unwrap().insert(seat) {
            return Err(NotBooked::Taken);
        }
        let reservation = Reservation { office: self, seat };
        if !pay.await {
            return Err(NotBooked::NotPaid);
        }
        reservation.sell();
        Ok(())
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.office.taken.lock().unwrap().remove(&self.seat);
    }
}
