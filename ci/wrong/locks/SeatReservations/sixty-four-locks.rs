//! Seats whose numbers have the same remainder share a lock, so a free seat is refused while another one is paid for. Caught by `SeatReservations::different_seats_do_not_wait_for_each_other`, which says "two seats share a lock".

#[derive(Debug)]
pub struct SeatReservations {
    paying: [tokio::sync::Mutex<()>; 64],
    taken: Mutex<Vec<bool>>,
}

impl SeatReservations {
    pub fn new(seats: usize) -> Self {
        Self {
            paying: std::array::from_fn(|_| tokio::sync::Mutex::default()),
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
        let paying = self.paying[seat % 64].try_lock();
        let _paying = paying.map_err(|_| BookingError::Taken)?;
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
