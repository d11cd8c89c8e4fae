//! Is not ready at the deadline itself. Caught by `Delay::is_ready_at_its_deadline`, which says "`>` where it should be `>=`".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entry: Option<TimerEntry>,
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.timer.now() > self.deadline {
            return Poll::Ready(());
        }
        let entry = self.timer.wake_at(self.deadline, cx.waker().clone());
        self.entry = Some(entry);
        Poll::Pending
    }
}
