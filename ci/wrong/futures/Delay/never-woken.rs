//! Checks the deadline without giving its waker to the timer. Caught by `Delay::wakes_at_its_deadline`, which says "without giving the waker to the timer".

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
        Poll::Pending
    }
}
