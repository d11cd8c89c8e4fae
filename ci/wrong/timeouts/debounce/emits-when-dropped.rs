//! A destructor emits the pending event. Caught by `debounce::emits_nothing_when_dropped`, which says "a destructor emits".

struct Pending<T, F: FnMut(T)> {
    event: Option<T>,
    emit: F,
}

impl<T, F: FnMut(T)> Pending<T, F> {
    fn emit(&mut self) {
        if let Some(event) = self.event.take() {
            (self.emit)(event);
        }
    }
}

impl<T, F: FnMut(T)> Drop for Pending<T, F> {
    fn drop(&mut self) {
        self.emit();
    }
}

pub async fn debounce<T>(
    mut events: mpsc::Receiver<T>,
    quiet: Duration,
    max_wait: Duration,
    emit: impl FnMut(T),
) {
    let mut pending = Pending { event: None, emit };
    while let Some(first) = events.recv().await {
        pending.event = Some(first);
        let latest = Instant::now() + max_wait;
        let due = || latest.min(Instant::now() + quiet);
        while let Ok(Some(newer)) = timeout_at(due(), events.recv()).await {
            pending.event = Some(newer);
        }
        pending.emit();
    }
}
