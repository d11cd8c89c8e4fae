//! A lock says whether it is open, and a `Notify` of tokio wakes: who looks, and has not come to the bell yet, misses the ring. Caught by `Latch::no_wake_up_is_lost`, which says "every thread waits".

pub struct Latch {
    open: Mutex<bool>,
    bell: tokio::sync::Notify,
}

impl Latch {
    pub fn closed() -> Self {
        Self {
            open: Mutex::new(false),
            bell: tokio::sync::Notify::new(),
        }
    }

    pub fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.bell.notify_waiters();
    }

    pub async fn wait(&self) {
        while !*self.open.lock().unwrap() {
            self.bell.notified().await;
        }
    }
}
