//! Registers another entry when the waker is not that of the first poll. Caught by `Delay::wakes_the_latest_waker`, which says "compares its waker with that of the first poll".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entry: Option<TimerEntry>,
    first: Option<Waker>,
}

impl Delay {
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        Self {
            timer: timer.clone(),
            deadline: timer.now() + time,
            entry: None,
            first: None,
        }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.timer.now() >= self.deadline {
            return Poll::Ready(());
        }
        let is_first = match &self.first {
            Some(first) => first.will_wake(cx.waker()),
            None => {
                self.first = Some(cx.waker().clone());
                false
            }
        };
        if self.entry.is_none() || !is_first {
            self.entry = None;
            let entry = self.timer.wake_at(self.deadline, cx.waker().clone());
            self.entry = Some(entry);
        }
        Poll::Pending
    }
}
