//! Keeps its time in whole milliseconds. Caught by `Delay::is_pending_before_its_deadline`, which says "is rounded".

pub struct Delay {
    timer: ManualTimer,
    deadline: Duration,
    entry: Option<TimerEntry>,
}

impl Delay {
    pub fn new(timer: &ManualTimer, time: Duration) -> Self {
        let time = Duration::from_millis(time.as_millis() as u64);
        Self {
            timer: timer.clone(),
            deadline: timer.now() + time,
            entry: None,
        }
    }
}
