//! The value is under a lock, and tokio's `Notify` wakes: a change between the check and `notified()` is missed. Caught by `Condition::no_wake_up_is_lost`, which says "every thread waits".

pub struct Condition<T> {
    value: Mutex<T>,
    changed: tokio::sync::Notify,
}

impl<T> Condition<T> {
    pub fn new(value: T) -> Self {
        Self {
            value: Mutex::new(value),
            changed: tokio::sync::Notify::new(),
        }
    }

    pub fn change<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.value.lock().unwrap());
        self.changed.notify_waiters();
        result
    }

    pub async fn wait_until<R>(&self, mut take: impl FnMut(&mut T) -> Option<R>) -> R {
        loop {
            let taken = take(&mut self.value.lock().unwrap());
            if let Some(taken) = taken {
                self.changed.notify_waiters();
                return taken;
            }
            self.changed.notified().await;
        }
    }
}
