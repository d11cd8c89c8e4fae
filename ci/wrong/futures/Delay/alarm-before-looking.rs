//! The alarm is set before anybody looks at the clock. Caught by `Delay::a_wait_that_is_over_sets_no_alarm`, which says "before anybody has looked".

pub struct Delay {
    clock: ManualTimer,
    end: Duration,
    alarm: Option<TimerEntry>,
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let alarm = self.clock.wake_at(self.end, cx.waker().clone());
        self.alarm = Some(alarm);
        if self.clock.now() >= self.end {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}
