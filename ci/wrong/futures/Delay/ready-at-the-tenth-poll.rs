//! Is ready at its tenth poll. Caught by `Delay::is_pending_before_its_deadline`, which says "should be pending, and is ready".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entry: Option<TimerEntry>,
    polls: u32,
}
impl Delay {
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        Self {
            timer: timer.clone(),
            deadline: timer.now() + time,
            entry: None,
            polls: 0,
        }
    }
}
impl Future for Delay {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.polls += 1;
        if self.polls == 10 {
            self.entry = None;
            return Poll::Ready(());
        }
        self.entry = None;
        if self.timer.now() >= self.deadline {
            return Poll::Ready(());
        }
        self.entry = Some(self.timer.wake_at(self.deadline, cx.waker().clone()));
        Poll::Pending
    }
}
