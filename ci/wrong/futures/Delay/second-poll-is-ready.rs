//! A second poll is taken for the ring of the alarm. Caught by `Delay::asked_too_early_it_is_not_ready`, which says "taken for having been rung".

pub struct Delay {
    clock: ManualTimer,
    end: Duration,
    alarm: Option<TimerEntry>,
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.alarm.is_some() || self.clock.now() >= self.end {
            return Poll::Ready(());
        }
        let alarm = self.clock.wake_at(self.end, cx.waker().clone());
        self.alarm = Some(alarm);
        Poll::Pending
    }
}
