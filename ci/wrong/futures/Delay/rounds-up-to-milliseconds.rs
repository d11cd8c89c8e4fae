//! Rounds its deadline up to a whole millisecond. Caught by `Delay::is_ready_at_its_deadline`, which says "is rounded".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entry: Option<TimerEntry>,
}
impl Delay {
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        Self {
            timer: timer.clone(),
            deadline: Duration::from_millis(
                (timer.now() + time).as_nanos().div_ceil(1_000_000) as u64
            ),
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
