//! The reservation ends with the payment, and the seat is taken again for the sale: another call can get it in between. Caught by `SeatReservations::a_seat_is_sold_once_in_any_order`, which says "from the check to the sale".

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
        let taken = self.taken.lock().unwrap();
        taken.iter().filter(|taken| !**taken).count()
    }

    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), BookingError> {
        self.mark(seat)?;
        let paid = {
            let _reservation = Reservation { seats: self, seat };
            pay.await
        };
        if !paid {
            return Err(BookingError::NotPaid);
        }
        tokio::task::yield_now().await;
        self.mark(seat)
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap()
    }

    fn mark(&self, seat: usize) -> Result<(), BookingError> {
        let mut taken = self.taken.lock().unwrap();
        let entry = taken.get_mut(seat).ok_or(BookingError::Taken)?;
        match std::mem::replace(entry, true) {
            true => Err(BookingError::Taken),
            false => Ok(()),
        }
    }
}
