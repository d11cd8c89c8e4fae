//! Is pending at its first poll, whatever the timer shows. Caught by `Delay::registers_nothing_after_its_deadline`, which says "the first poll is always pending".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entry: Option<TimerEntry>,
    polled: bool,
}
impl Delay {
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        Self {
            timer: timer.clone(),
            deadline: timer.now() + time,
            entry: None,
            polled: false,
        }
    }
}
impl Future for Delay {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if !self.polled {
            self.polled = true;
            self.entry = Some(self.timer.wake_at(self.deadline, cx.waker().clone()));
            return Poll::Pending;
        }
        self.entry = None;
        if self.timer.now() >= self.deadline {
            return Poll::Ready(());
        }
        self.entry = Some(self.timer.wake_at(self.deadline, cx.waker().clone()));
        Poll::Pending
    }
}
