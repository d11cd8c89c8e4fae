//! Takes its time for the deadline, as if the timer began when it was created. Caught by `Delay::is_pending_before_its_deadline`, which says "counted from zero".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entry: Option<TimerEntry>,
}
impl Delay {
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        Self {
            timer: timer.clone(),
            deadline: time,
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
        self.entry = Some(self.timer.wake_at(self.deadline, cx.waker().clone()));
        Poll::Pending
    }
}
