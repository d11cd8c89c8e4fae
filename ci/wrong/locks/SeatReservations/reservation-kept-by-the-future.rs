//! The future keeps an unpaid reservation until it is dropped. Caught by `SeatReservations::a_finished_booking_keeps_nothing`, which says "kept until the future is dropped".

use std::task::ready;

impl SeatReservations {
    pub fn new(seats: usize) -> Self {
        Self {
            taken: Mutex::new(vec![false; seats]),
        }
    }

    pub async fn free(&self) -> usize {
        self.taken().iter().filter(|taken| !**taken).count()
    }

    pub fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> impl Future<Output = Result<(), BookingError>> {
        let (mut pay, mut reservation) = (Box::pin(pay), None);
        poll_fn(move |cx| {
            if reservation.is_none() {
                match self.reserve(seat) {
                    Some(reserved) => reservation = Some(reserved),
                    None => return Poll::Ready(Err(BookingError::Taken)),
                }
            }
            if !ready!(pay.as_mut().poll(cx)) {
                return Poll::Ready(Err(BookingError::NotPaid));
            }
            reservation.take().expect("it is reserved").confirm();
            Poll::Ready(Ok(()))
        })
    }

    fn reserve(&self, seat: usize) -> Option<Reservation<'_>> {
        let was_taken = std::mem::replace(self.taken().get_mut(seat)?, true);
        (!was_taken).then(|| Reservation { seats: self, seat })
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
