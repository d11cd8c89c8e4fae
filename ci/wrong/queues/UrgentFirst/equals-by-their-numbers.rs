//! Nothing says which of two equals came first, so their numbers decide. Caught by `UrgentFirst::equals_in_the_order_of_arrival`, which says "keeps no order among equals".

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    urgency: u8,
    job: Job,
}

#[derive(Debug)]
pub struct UrgentFirst {
    free: Semaphore,
    filled: Semaphore,
    inside: Mutex<Inside>,
}

impl UrgentFirst {
    pub fn new(room: usize) -> Self {
        Self {
            free: Semaphore::new(room),
            filled: Semaphore::new(0),
            inside: Mutex::default(),
        }
    }

    pub async fn put(&self, urgency: u8, job: Job) -> Result<(), Job> {
        let place = self.free.acquire().await.map_err(|_| job)?;
        place.forget();
        self.push(urgency, job);
        self.filled.add_permits(1);
        Ok(())
    }

    pub async fn take(&self) -> Option<Job> {
        if let Ok(filled) = self.filled.acquire().await {
            filled.forget();
        }
        let job = self.pop()?;
        self.free.add_permits(1);
        Some(job)
    }

    pub fn close(&self) {
        self.free.close();
        self.filled.close();
    }

    fn push(&self, urgency: u8, job: Job) {
        let mut inside = self.inside.lock().unwrap();
        inside.heap.push(Entry { urgency, job });
    }

    fn pop(&self) -> Option<Job> {
        let entry = self.inside.lock().unwrap().heap.pop()?;
        Some(entry.job)
    }
}
