//! Each poll sets an alarm, and all of them stay. Caught by `Delay::sets_one_alarm`, which says "the earlier ones stay".

pub struct Delay {
    clock: ManualTimer,
    end: Duration,
    alarms: Vec<TimerEntry>,
}

impl Delay {
    pub fn new(clock: &ManualTimer, time: Duration) -> Self {
        Self {
            clock: clock.clone(),
            end: clock.now() + time,
            alarms: Vec::new(),
        }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.clock.now() >= self.end {
            return Poll::Ready(());
        }
        let alarm = self.clock.wake_at(self.end, cx.waker().clone());
        self.alarms.push(alarm);
        Poll::Pending
    }
}
