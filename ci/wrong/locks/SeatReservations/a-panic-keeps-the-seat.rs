//! Frees no seat while the thread panics. Caught by `SeatReservations::a_panic_during_the_payment_frees_the_seat`, which says "does not run when `pay` panics".

pub struct SeatReservations {
    taken: Mutex<Vec<bool>>,
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.seats.taken()[self.seat] = false;
        }
    }
}
