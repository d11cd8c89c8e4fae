//! The alarm is kept from being dropped for good, so it outlives the delay. Caught by `Delay::leaves_nothing_behind`, which says "where nobody drops it".

pub struct Delay {
    clock: ManualTimer,
    end: Duration,
}

impl Delay {
    pub fn new(clock: &ManualTimer, time: Duration) -> Self {
        Self {
            clock: clock.clone(),
            end: clock.now() + time,
        }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.clock.now() >= self.end {
            return Poll::Ready(());
        }
        let alarm = self.clock.wake_at(self.end, cx.waker().clone());
        std::mem::forget(alarm);
        Poll::Pending
    }
}
