//! Registers an entry in each poll and keeps all of them. Caught by `Delay::registers_one_timer_entry`, which says "the earlier ones stay".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entries: Vec<TimerEntry>,
}

impl Delay {
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        Self {
            timer: timer.clone(),
            deadline: timer.now() + time,
            entries: Vec::new(),
        }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.timer.now() >= self.deadline {
            return Poll::Ready(());
        }
        let entry = self.timer.wake_at(self.deadline, cx.waker().clone());
        self.entries.push(entry);
        Poll::Pending
    }
}
