//! Is ready when its waker has been called, not when the timer shows its deadline. Caught by `Delay::is_ready_before_its_own_waker_is_called`, which says "when its waker has been called".

#[derive(Debug)]
pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    fired: std::sync::Arc<std::sync::atomic::AtomicBool>,
    entry: Option<TimerEntry>,
}

struct Fire(std::sync::Arc<std::sync::atomic::AtomicBool>, Waker);

impl Wake for Fire {
    fn wake(self: std::sync::Arc<Self>) {
        self.0.store(true, std::sync::atomic::Ordering::SeqCst);
        self.1.wake_by_ref();
    }
}

impl Delay {
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        Self {
            timer: timer.clone(),
            deadline: timer.now() + time,
            fired: Default::default(),
            entry: None,
        }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let first = self.entry.take().is_none();
        let is_over = self.fired.load(std::sync::atomic::Ordering::SeqCst);
        if is_over || first && self.timer.now() >= self.deadline {
            return Poll::Ready(());
        }
        let fire = Fire(std::sync::Arc::clone(&self.fired), cx.waker().clone());
        let entry = self
            .timer
            .wake_at(self.deadline, Waker::from(std::sync::Arc::new(fire)));
        self.entry = Some(entry);
        Poll::Pending
    }
}
