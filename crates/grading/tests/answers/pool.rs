//! Answers that are right in most polling orders.

use std::cell::Cell;

/// A pool of permits, built by hand.
#[derive(Debug)]
pub struct Pool {
    free: Cell<usize>,
    last: Cell<usize>,
}

impl Pool {
    /// A pool with this many permits.
    pub fn new(permits: usize) -> Self {
        Self {
            free: Cell::new(permits),
            last: Cell::new(0),
        }
    }

    /// Takes a permit that was free before it yielded.
    pub async fn check_then_acquire(&self) {
        while self.free.get() == 0 {
            tokio::task::yield_now().await;
        }
        tokio::task::yield_now().await;
        self.free.set(self.free.get().saturating_sub(1));
    }

    /// Returns a permit.
    pub fn release(&self) {
        self.free.set(self.free.get() + 1);
    }

    /// Assumes that the caller with the highest number comes last.
    pub fn expect_in_order(&self, number: usize) {
        let last = self.last.replace(number);
        assert!(last < 2, "{number} comes after the last one");
    }
}

/// An answer that has not been started.
pub async fn stub() {
    todo!()
}
