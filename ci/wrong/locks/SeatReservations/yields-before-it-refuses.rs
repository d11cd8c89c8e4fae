//! Gives the other customer one turn to free the seat, and checks again. Caught by `SeatReservations::a_seat_that_does_not_exist_is_taken`, which says "awaits something before it refuses".

#[derive(Debug)]
pub struct SeatReservations {
    taken: Mutex<Vec<bool>>,
}

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
        let reservation = match self.reserve(seat) {
            Some(reservation) => reservation,
            None => {
                tokio::task::yield_now().await;
                self.reserve(seat).ok_or(BookingError::Taken)?
            }
        };
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
