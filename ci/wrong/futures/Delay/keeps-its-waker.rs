//! Keeps a clone of the waker to compare it with the next one, also when it is ready. Caught by `Delay::leaves_nothing_behind_when_ready_or_dropped`, which says "kept in a field of the delay".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entry: Option<(Waker, TimerEntry)>,
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
        if self.timer.now() >= self.deadline {
            return Poll::Ready(());
        }
        let waker = cx.waker();
        if !matches!(&self.entry, Some((stored, _)) if stored.will_wake(waker)) {
            self.entry = None;
            let entry = self.timer.wake_at(self.deadline, waker.clone());
            self.entry = Some((waker.clone(), entry));
        }
        Poll::Pending
    }
}
