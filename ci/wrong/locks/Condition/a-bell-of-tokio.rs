//! A lock has the value, and a `Notify` of tokio wakes: who looks, and has not come to the bell yet, misses the ring. Caught by `Condition::nobody_waits_for_what_is_there`, which says "every thread waits".

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
        let given = change(&mut self.value.lock().unwrap());
        self.changed.notify_waiters();
        given
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
