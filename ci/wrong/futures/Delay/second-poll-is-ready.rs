//! Takes a second poll for the wake-up of the timer. Caught by `Delay::is_pending_before_its_deadline`, which says "taken for the wake-up".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entry: Option<TimerEntry>,
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.entry.is_some() || self.timer.now() >= self.deadline {
            return Poll::Ready(());
        }
        let entry = self.timer.wake_at(self.deadline, cx.waker().clone());
        self.entry = Some(entry);
        Poll::Pending
    }
}
