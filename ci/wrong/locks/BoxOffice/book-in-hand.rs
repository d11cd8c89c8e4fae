//! tokio's guard is held while somebody pays, which the compiler allows. Caught by `BoxOffice::different_seats_do_not_wait_for_each_other`, which says "all pay one after the other".

pub struct BoxOffice {
    taken: tokio::sync::Mutex<Vec<bool>>,
}

impl BoxOffice {
    pub fn new(seats: usize) -> Self {
        Self {
            taken: tokio::sync::Mutex::new(vec![false; seats]),
        }
    }

    pub async fn free(&self) -> usize {
        let taken = self.taken.lock().await;
        taken.iter().filter(|taken| !**taken).count()
    }

    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), NotBooked> {
        let mut taken = self.taken.lock().await;
        if taken[seat] {
            return Err(NotBooked::Taken);
        }
        if !pay.await {
            return Err(NotBooked::NotPaid);
        }
        taken[seat] = true;
        Ok(())
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {}
}
