//! It gives up after one more pause. Caught by `supervise::gives_up_after_too_many_failures`, which says "after one more pause".

pub async fn supervise<E, F>(
    policy: RestartPolicy,
    shutdown: CancellationToken,
    mut start: impl FnMut() -> F,
) -> Outcome<E>
where
    E: Send + 'static,
    F: Future<Output = Result<(), E>> + Send + 'static,
{
    let mut history = History::new(policy);
    while !shutdown.is_cancelled() {
        let began = Instant::now();
        let Some(result) = shutdown.run_until_cancelled(run_once(start())).await else {
            break;
        };
        let Err(failure) = result else {
            return Outcome::Finished;
        };
        let (pause, is_last) = history.pause_after(began, Instant::now());
        shutdown.run_until_cancelled(sleep(pause)).await;
        if is_last {
            return Outcome::GaveUp(failure);
        }
    }
    Outcome::Cancelled
}

impl History {
    fn new(policy: RestartPolicy) -> Self {
        Self {
            policy,
            next_pause: policy.base.min(policy.cap),
            failures: VecDeque::new(),
        }
    }

    fn pause_after(&mut self, began: Instant, now: Instant) -> (Duration, bool) {
        let RestartPolicy {
            base,
            cap,
            healthy,
            max_failures,
            window,
        } = self.policy;
        self.failures.push_back(now);
        self.failures.retain(|at| now - *at < window);
        if now - began >= healthy {
            self.next_pause = base.min(cap);
        }
        let pause = self.next_pause;
        self.next_pause = pause.saturating_mul(2).min(cap);
        (pause, self.failures.len() >= max_failures.get() as usize)
    }
}
