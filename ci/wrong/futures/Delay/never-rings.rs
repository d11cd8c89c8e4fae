//! It looks at the clock, and tells nobody when to poll it again. Caught by `Delay::rings_at_its_end`, which says "leaves its waker with nobody".

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
        Poll::Pending
    }
}
