//! Registers an entry for the next second, and polls again then. Caught by `Delay::wakes_at_its_deadline`, which says "for another instant than the deadline".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entry: Option<TimerEntry>,
}
impl Delay {
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        Self {
            timer: timer.clone(),
            deadline: timer.now() + time,
            entry: None,
        }
    }
}
impl Future for Delay {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.entry = None;
        if self.timer.now() >= self.deadline {
            return Poll::Ready(());
        }
        self.entry = Some(self.timer.wake_at(
            self.deadline.min(self.timer.now() + Duration::from_secs(1)),
            cx.waker().clone(),
        ));
        Poll::Pending
    }
}
