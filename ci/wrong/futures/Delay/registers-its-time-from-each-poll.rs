//! Registers an entry for its whole time from each poll on. Caught by `Delay::starts_when_it_is_created`, which says "whole time from the poll on".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entry: Option<TimerEntry>,
    time: Duration,
}
impl Delay {
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        Self {
            timer: timer.clone(),
            deadline: timer.now() + time,
            entry: None,
            time,
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
        let at = self.timer.now() + self.time;
        self.entry = Some(self.timer.wake_at(at, cx.waker().clone()));
        Poll::Pending
    }
}
