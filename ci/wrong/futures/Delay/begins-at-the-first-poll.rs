//! The end is counted from the first poll, and not from when the delay was made. Caught by `Delay::begins_when_it_is_made`, which says "from the first poll".

pub struct Delay {
    clock: ManualTimer,
    time: Duration,
    end: Option<Duration>,
    alarm: Option<TimerEntry>,
}

impl Delay {
    pub fn new(clock: &ManualTimer, time: Duration) -> Self {
        Self {
            clock: clock.clone(),
            time,
            end: None,
            alarm: None,
        }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let now = self.clock.now();
        let first = now + self.time;
        let end = *self.end.get_or_insert(first);
        self.alarm = None;
        if now >= end {
            return Poll::Ready(());
        }
        let alarm = self.clock.wake_at(end, cx.waker().clone());
        self.alarm = Some(alarm);
        Poll::Pending
    }
}
