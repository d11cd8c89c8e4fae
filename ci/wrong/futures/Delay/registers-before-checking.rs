//! Registers its entry before it checks the deadline. Caught by `Delay::registers_nothing_after_its_deadline`, which says "before the deadline is checked".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entry: Option<TimerEntry>,
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let entry = self.timer.wake_at(self.deadline, cx.waker().clone());
        self.entry = Some(entry);
        if self.timer.now() >= self.deadline {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}
