//! The reservation gives the seat back when it is dropped, also when it was paid for. Caught by `BoxOffice::what_is_paid_for_is_sold`, which says "sold or not".

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
        let _reservation = self.reserve(seat).ok_or(NotBooked::Taken)?;
        if !pay.await {
            return Err(NotBooked::NotPaid);
        }
        Ok(())
    }

    fn reserve(&self, seat: usize) -> Option<Reservation<'_>> {
        let was_taken = std::mem::replace(&mut self.taken()[seat], true);
        (!was_taken).then(|| Reservation { office: self, seat })
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap()
    }
}
