//! Awaits the payment first, and then checks the seat. Caught by `SeatReservations::a_seat_is_sold_once_in_any_order`, which says "the payment comes before the check".

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
        let paid = pay.await;
        let taken = std::mem::replace(&mut self.taken()[seat], true);
        match (taken, paid) {
            (true, _) => Err(BookingError::Taken),
            (false, true) => Ok(()),
            (false, false) => {
                self.taken()[seat] = false;
                Err(BookingError::NotPaid)
            }
        }
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap()
    }
}
