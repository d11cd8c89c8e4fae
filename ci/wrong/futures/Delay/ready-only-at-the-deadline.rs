//! Is ready at the very instant of its deadline and at no later one. Caught by `Delay::is_ready_at_its_deadline`, which says "ready only at the very instant".

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
        if self.timer.now() == self.deadline {
            return Poll::Ready(());
        }
        let entry = self.timer.wake_at(self.deadline, cx.waker().clone());
        self.entry = Some(entry);
        Poll::Pending
    }
}
