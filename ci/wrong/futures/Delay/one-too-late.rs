//! The end itself does not count as over. Caught by `Delay::is_ready_at_its_end`, which says "`>` where it should be `>=`".

pub struct Delay {
    clock: ManualTimer,
    end: Duration,
    alarm: Option<TimerEntry>,
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.clock.now() > self.end {
            return Poll::Ready(());
        }
        let alarm = self.clock.wake_at(self.end, cx.waker().clone());
        self.alarm = Some(alarm);
        Poll::Pending
    }
}
