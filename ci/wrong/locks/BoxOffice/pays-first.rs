//! The money is taken first, and then the seat is looked at. Caught by `BoxOffice::a_taken_seat_is_refused_at_once`, which says "and the client was asked to pay".

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
        let paid = pay.await;
        let taken = std::mem::replace(&mut self.taken()[seat], true);
        match (taken, paid) {
            (true, _) => Err(NotBooked::Taken),
            (false, true) => Ok(()),
            (false, false) => {
                self.taken()[seat] = false;
                Err(NotBooked::NotPaid)
            }
        }
    }

    fn taken(&self) -> MutexGuard<'_, Vec<bool>> {
        self.taken.lock().unwrap()
    }
}
