//! A whole run of `drain_and_close` that a case decides: the jobs, the reserved permits and the signal.

use super::*;
use exercises::queues::drain_and_close;
use grading::Case;

/// Longer than any run of a script.
const LIMIT: Duration = ms(60_000);

pub(super) struct Script {
    /// The jobs that are in the queue when the call is made
    queued: Vec<u32>,
    permits: Vec<Permit>,
    /// How long a job is processed
    takes: Duration,
    signal: Signal,
}

/// A slot that was reserved before the call.
struct Permit {
    /// The job that is sent with it, unless it is dropped unused
    job: Option<u32>,
    at: Duration,
}

#[derive(Clone, Copy)]
struct Signal {
    is_sent: bool,
    is_before_the_call: bool,
    /// From the call on
    at: Duration,
}

/// What happened, or should have.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    /// The jobs whose outputs were returned, and when. `None` if it never returned.
    pub(super) returned: Option<(Vec<u32>, Duration)>,
    pub(super) closed_at: Duration,
}

impl Script {
    pub(super) fn drawn(case: &Case) -> Self {
        let numbers = |name, count| -> Vec<u32> {
            let numbers = case.numbers(name, count, u32::MAX.into()).into_iter();
            numbers.map(|number| number as u32).collect()
        };
        let jobs = case.size("jobs in the queue", 0..=300);
        let queued = numbers("their numbers", jobs);
        let takes = case.whole_ms("each takes", 50);
        let signal = Signal {
            is_sent: *case.pick("the signal is", &["sent", "dropped"]) == "sent",
            is_before_the_call: *case.pick("given", &["after the call", "before the call"])
                == "before the call",
            at: case.whole_ms("at", 200),
        };
        let permits = case.size("reserved permits", 0..=4);
        let jobs = numbers("their jobs", permits);
        let used = case.numbers("used (0: dropped unused)", permits, 1);
        let times = case.whole_ms_each("when, in steps of 8 ms", permits, 50);
        let permits = jobs.into_iter().zip(used).zip(times).enumerate();
        Self {
            queued,
            permits: permits
                .map(|(index, ((job, used), time))| Permit {
                    job: (used == 1).then_some(job),
                    // No two at the same instant.
                    at: 8 * time + ms(index as u64),
                })
                .collect(),
            takes,
            signal,
        }
    }

    /// When the queue should be closed, and the outputs returned.
    pub(super) fn expected(&self) -> Seen {
        let closed_at = match self.signal.is_before_the_call {
            true => Duration::ZERO,
            false => self.signal.at,
        };
        let mut sent: Vec<_> = self.permits.iter().filter(|p| p.job.is_some()).collect();
        sent.sort_by_key(|permit| permit.at);
        let sent = sent.into_iter().filter_map(|p| Some((p.job?, p.at)));
        let queued = self.queued.iter().map(|number| (*number, Duration::ZERO));
        let (mut order, mut free_at) = (Vec::new(), Duration::ZERO);
        for (number, sent_at) in queued.chain(sent) {
            order.push(number);
            free_at = free_at.max(sent_at) + self.takes;
        }
        let returned_at = closed_at.max(free_at).max(self.last_permit());
        Seen {
            returned: Some((order, returned_at)),
            closed_at,
        }
    }

    /// When the last permit is used or dropped.
    pub(super) fn last_permit(&self) -> Duration {
        let times = self.permits.iter().map(|permit| permit.at);
        times.max().unwrap_or_default()
    }

    pub(super) async fn run(&self) -> Seen {
        let probe = Probe::new().duration(Stage::Process, self.takes);
        let (stages, capacity) = (probe.stages(), self.queued.len() + self.permits.len());
        let (queue, receiver) = mpsc::channel(capacity.max(1));
        let (trigger, shutdown) = oneshot::channel();
        for number in &self.queued {
            let sent = queue.try_send(Job(*number));
            sent.expect("the queue has a slot for each of them");
        }
        let reserve = |permit| {
            let reserved = queue.clone().try_reserve_owned();
            (permit, reserved.expect("there is a slot for each permit"))
        };
        let reserved: Vec<(&Permit, _)> = self.permits.iter().map(reserve).collect();
        let releasing = reserved.into_iter().map(async |(permit, slot)| {
            sleep(permit.at).await;
            if let Some(number) = permit.job {
                drop(slot.send(Job(number)));
            }
        });
        let mut trigger = Some(trigger);
        let mut give = || match (trigger.take(), self.signal.is_sent) {
            (Some(trigger), true) => drop(trigger.send(())),
            (trigger, _) => drop(trigger),
        };
        if self.signal.is_before_the_call {
            give();
        }
        let signalling = async {
            sleep(self.signal.at).await;
            give();
        };
        let clock = Clock::start();
        let draining = within(LIMIT, drain_and_close(receiver, shutdown, &stages));
        let closing = async {
            queue.closed().await;
            clock.elapsed()
        };
        let ((outputs, took), closed_at, (), _) = tokio::join!(
            biased;
            draining,
            closing,
            signalling,
            grading::join_all(releasing)
        );
        let numbers = |outputs: Vec<Output>| outputs.iter().map(|output| output.job.0).collect();
        Seen {
            returned: outputs.map(|outputs| (numbers(outputs), took)),
            closed_at,
        }
    }
}
