//! Binds the entry to `_`, which drops it in the same statement. Caught by `Delay::registers_one_timer_entry`, which says "dropped in the same poll".

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
        let _ = self.timer.wake_at(self.deadline, cx.waker().clone());
        Poll::Pending
    }
}
