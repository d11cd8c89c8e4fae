//! Computes its deadline in the first poll, not when it is created. Caught by `Delay::starts_when_it_is_created`, which says "computed in the first poll".

pub struct Delay {
    timer: ManualTimer,
    time: Duration,
    deadline: Option<Duration>,
    entry: Option<TimerEntry>,
}

impl Delay {
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        Self {
            timer: timer.clone(),
            time,
            deadline: None,
            entry: None,
        }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let now = self.timer.now();
        let first = now + self.time;
        let deadline = *self.deadline.get_or_insert(first);
        self.entry = None;
        if now >= deadline {
            return Poll::Ready(());
        }
        let entry = self.timer.wake_at(deadline, cx.waker().clone());
        self.entry = Some(entry);
        Poll::Pending
    }
}
