//! The reservation ends with the payment, and the seat is taken anew for the sale: in between somebody else may have it. Caught by `BoxOffice::a_seat_is_sold_once_in_any_order`, which says "stays marked from the look to the sale".

pub struct BoxOffice {
    taken: Mutex<Vec<bool>>,
}

impl BoxOffice {
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
    ) -> Result<(), NotBooked> {
        self.mark(seat)?;
        let paid = {
            let _reservation = Reservation { office: self, seat };
            pay.await
        };
        if !paid {
            return Err(NotBooked::NotPaid);
        }
        tokio::task::yield_now().await;
        self.mark(seat)
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap()
    }

    fn mark(&self, seat: usize) -> Result<(), NotBooked> {
        let mut taken = self.taken.lock().unwrap();
        let place = taken.get_mut(seat).ok_or(NotBooked::Taken)?;
        match std::mem::replace(place, true) {
            true => Err(NotBooked::Taken),
            false => Ok(()),
        }
    }
}
