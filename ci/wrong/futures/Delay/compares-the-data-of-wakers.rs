//! Compares only the data of the wakers. Caught by `Delay::tells_wakers_apart_by_all_that_they_have`, which says "only the data of the wakers is compared".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    waker: Option<usize>,
    entry: Option<TimerEntry>,
}

impl Delay {
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        Self {
            timer: timer.clone(),
            deadline: timer.now() + time,
            waker: None,
            entry: None,
        }
    }
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.timer.now() >= self.deadline {
            self.entry = None;
            return Poll::Ready(());
        }
        if self.waker != Some(cx.waker().data() as usize) {
            self.waker = Some(cx.waker().data() as usize);
            self.entry = None;
            self.entry = Some(self.timer.wake_at(self.deadline, cx.waker().clone()));
        }
        Poll::Pending
    }
}
