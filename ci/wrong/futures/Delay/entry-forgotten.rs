//! Calls `forget` on its entry, which then outlives the delay. Caught by `Delay::leaves_nothing_behind_when_ready_or_dropped`, which says "where it is never dropped".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
}

impl Delay {
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        Self {
            timer: timer.clone(),
            deadline: timer.now() + time,
        }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.timer.now() >= self.deadline {
            return Poll::Ready(());
        }
        let entry = self.timer.wake_at(self.deadline, cx.waker().clone());
        std::mem::forget(entry);
        Poll::Pending
    }
}
