//! The alarm is set once, with the waker of the first poll. Caught by `Delay::rings_the_latest_waker`, which says "the waker of the first poll was kept".

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
        if self.alarm.is_none() {
            let alarm = self.clock.wake_at(self.end, cx.waker().clone());
            self.alarm = Some(alarm);
        }
        Poll::Pending
    }
}
