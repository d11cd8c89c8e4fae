//! A lock of tokio is used where no lock is held across an `.await`. Caught by `SeatReservations::waits_for_nothing_in_a_task_without_budget`, which says "no lock is held across an `.await`".

pub struct SeatReservations {
    taken: tokio::sync::Mutex<()>,
    seats: Mutex<Vec<bool>>,
}

impl SeatReservations {
    pub fn new(seats: usize) -> Self {
        Self {
            taken: tokio::sync::Mutex::new(()),
            seats: Mutex::new(vec![false; seats]),
        }
    }

    pub async fn free(&self) -> usize {
        let _lock = self.taken.lock().await;
        self.taken().iter().filter(|taken| !**taken).count()
    }

    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), BookingError> {
        let reservation = {
            let _lock = self.taken.lock().await;
            self.reserve(seat).ok_or(BookingError::Taken)?
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
        self.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
