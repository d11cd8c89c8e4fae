//! The flag is under a lock, and tokio's `Notify` wakes: an opening between the check and `notified()` is missed. Caught by `Latch::no_wake_up_is_lost`, which says "every thread waits".

pub struct Latch {
    open: Mutex<bool>,
    changed: tokio::sync::Notify,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            open: Mutex::new(false),
            changed: tokio::sync::Notify::new(),
        }
    }

    pub fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.changed.notify_waiters();
    }

    pub async fn wait(&self) {
        while !*self.open.lock().unwrap() {
            self.changed.notified().await;
        }
    }
}
