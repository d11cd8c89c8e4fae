//! Each seat has a lock that is held while somebody pays: others are served, and who wants the same seat waits. Caught by `BoxOffice::a_taken_seat_is_refused_at_once`, which says "waits for a lock".

pub struct BoxOffice {
    taken: Vec<tokio::sync::Mutex<bool>>,
}

impl BoxOffice {
    pub fn new(seats: usize) -> Self {
        Self {
            taken: (0..seats).map(|_| tokio::sync::Mutex::new(false)).collect(),
        }
    }

    pub async fn free(&self) -> usize {
        let free = |seat: &&tokio::sync::Mutex<bool>| seat.try_lock().is_ok_and(|taken| !*taken);
        self.taken.iter().filter(free).count()
    }

    pub async fn book(
        &self,
        seat: usize,
        pay: impl Future<Output = bool>,
    ) -> Result<(), NotBooked> {
        let mut taken = self.taken[seat].lock().await;
        if *taken {
            return Err(NotBooked::Taken);
        }
        if !pay.await {
            return Err(NotBooked::NotPaid);
        }
        *taken = true;
        Ok(())
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {}
}
