//! Registers one entry, with the waker of the first poll. Caught by `Delay::wakes_the_latest_waker`, which says "the waker of the first poll was kept".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entry: Option<TimerEntry>,
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.timer.now() >= self.deadline {
            return Poll::Ready(());
        }
        if self.entry.is_none() {
            let entry = self.timer.wake_at(self.deadline, cx.waker().clone());
            self.entry = Some(entry);
        }
        Poll::Pending
    }
}
