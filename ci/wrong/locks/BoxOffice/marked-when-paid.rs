//! The seat is marked when it has been paid for, and until then others see it free. Caught by `BoxOffice::a_seat_is_sold_once_in_any_order`, which says "each saw a free seat".

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
        if self.taken()[seat] {
            return Err(NotBooked::Taken);
        }
        if !pay.await {
            return Err(NotBooked::NotPaid);
        }
        self.taken()[seat] = true;
        Ok(())
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap()
    }
}
