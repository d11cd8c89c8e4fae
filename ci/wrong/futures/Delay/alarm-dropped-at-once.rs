//! The alarm is bound to no name, so it is taken down in the same line. Caught by `Delay::sets_one_alarm`, which says "dropped in the same poll".

pub struct Delay {
    clock: ManualTimer,
    end: Duration,
    alarm: Option<TimerEntry>,
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.clock.now() >= self.end {
            return Poll::Ready(());
        }
        let _ = self.clock.wake_at(self.end, cx.waker().clone());
        Poll::Pending
    }
}
