//! What many clients do to an upstream that degrades, in virtual time.
//!
//! The upstream has workers that take requests from a queue without a limit. A client that gives up does not remove its
//! request: a worker handles it all the same. That is how most servers work, and why an overload can outlive its cause.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use futures::future::join_all;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

/// The numbers of a run.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Each client makes about one call a second.
    pub clients: usize,
    /// Requests that the upstream handles at the same time.
    pub workers: usize,
    /// How long a worker takes for a request.
    pub healthy: Duration,
    /// How long it takes while the upstream is degraded.
    pub degraded: Duration,
    /// When the upstream is degraded, from the start of the run.
    pub incident: (Duration, Duration),
    /// The end of the run.
    pub end: Duration,
    /// How long a client waits for a response.
    pub patience: Duration,
    /// Requests that may wait for a worker. The upstream refuses more, at once.
    pub queue: usize,
    /// Whether workers skip requests that they cannot answer before the client gives up.
    pub skips_late: bool,
    /// What the random numbers begin with.
    pub seed: u64,
}

impl Default for Settings {
    /// 200 clients use two fifths of what ten workers can do. From 5 s to 10 s, each request takes ten times as long.
    fn default() -> Self {
        Self {
            clients: 200,
            workers: 10,
            healthy: Duration::from_millis(20),
            degraded: Duration::from_millis(200),
            incident: (Duration::from_secs(5), Duration::from_secs(10)),
            end: Duration::from_secs(30),
            patience: Duration::from_millis(250),
            queue: usize::MAX,
            skips_late: false,
            seed: 1,
        }
    }
}

/// Why a request has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestError {
    /// The client has waited for as long as it waits.
    TimedOut,
    /// The queue of the upstream is full.
    Refused,
}

/// One of the clients.
#[derive(Debug)]
pub struct Client {
    /// Different for each client, and the same in each run.
    pub rng: Rng,
    world: Rc<World>,
}

#[derive(Debug)]
struct World {
    settings: Settings,
    start: Instant,
    workers: Arc<Semaphore>,
    /// Requests that wait or are handled.
    inside: Arc<std::sync::atomic::AtomicUsize>,
    requests: RefCell<Vec<u32>>,
    successes: RefCell<Vec<u32>>,
    gave_up: Cell<u32>,
}

/// What a run has shown, in intervals of 100 ms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Requests that clients have sent.
    pub requests: Vec<u32>,
    /// Responses that arrived in time.
    pub successes: Vec<u32>,
    /// Calls that ended without a success.
    pub gave_up: u32,
}

const INTERVAL_MS: u128 = 100;

impl Report {
    /// The points of a plot: each second, and the requests in it.
    #[must_use]
    pub fn request_points(&self) -> Vec<(f64, f64)> {
        points(&self.requests)
    }

    /// The points of a plot: each second, and the successes in it.
    #[must_use]
    pub fn success_points(&self) -> Vec<(f64, f64)> {
        points(&self.successes)
    }

    /// The sum of `counts` from the beginning of one second to that of another one.
    #[must_use]
    pub fn between(counts: &[u32], from: usize, to: usize) -> u32 {
        counts.iter().take(10 * to).skip(10 * from).sum()
    }
}

fn points(counts: &[u32]) -> Vec<(f64, f64)> {
    let seconds = counts.chunks(10).map(|second| second.iter().sum::<u32>());
    seconds
        .enumerate()
        .map(|(second, count)| (second as f64, f64::from(count)))
        .collect()
}

/// Lets each client make one `call` after the other, with pauses of half a second to a second and a half, until the run is
/// over. A call makes requests, and returns whether one of them succeeded.
///
/// Use a paused clock and one thread. The same settings and calls then give the same report.
pub async fn run(settings: Settings, call: impl AsyncFn(&mut Client) -> bool) -> Report {
    let start = Instant::now();
    let intervals = (settings.end.as_millis() / INTERVAL_MS) as usize;
    let world = Rc::new(World {
        settings,
        start,
        workers: Arc::new(Semaphore::new(settings.workers)),
        inside: Arc::default(),
        requests: RefCell::new(vec![0; intervals]),
        successes: RefCell::new(vec![0; intervals]),
        gave_up: Cell::new(0),
    });
    let mut seeds = Rng::with_seed(settings.seed);
    let clients = (0..settings.clients).map(|_| {
        let mut client = Client {
            rng: seeds.fork(),
            world: Rc::clone(&world),
        };
        let call = &call;
        async move {
            loop {
                sleep(Duration::from_millis(client.rng.u64(500..1_500))).await;
                if !call(&mut client).await {
                    client.world.gave_up.update(|count| count + 1);
                }
            }
        }
    });
    let all = join_all(clients.map(Box::pin));
    let _ = timeout_at(start + settings.end, all).await;
    Report {
        requests: world.requests.take(),
        successes: world.successes.take(),
        gave_up: world.gave_up.get(),
    }
}

impl Client {
    /// Sends one request, and waits for its response for as long as a client waits.
    ///
    /// # Errors
    ///
    /// See [`RequestError`].
    pub async fn request(&mut self) -> Result<(), RequestError> {
        use std::sync::atomic::Ordering::Relaxed;
        let world = &self.world;
        world.count(&world.requests);
        let settings = world.settings;
        let deadline = Instant::now() + settings.patience;
        if world.inside.load(Relaxed) >= settings.queue.saturating_add(settings.workers) {
            sleep(Duration::from_millis(1)).await;
            return Err(RequestError::Refused);
        }
        world.inside.fetch_add(1, Relaxed);
        let (respond, response) = oneshot::channel();
        let (workers, inside, start) = (
            Arc::clone(&world.workers),
            Arc::clone(&world.inside),
            world.start,
        );
        tokio::spawn(async move {
            let _worker = workers.acquire().await;
            let now = Instant::now();
            let (from, to) = settings.incident;
            let takes = if (start + from..start + to).contains(&now) {
                settings.degraded
            } else {
                settings.healthy
            };
            let is_late = settings.skips_late && now + takes > deadline;
            if !is_late {
                sleep(takes).await;
            }
            inside.fetch_sub(1, Relaxed);
            if !is_late {
                let _ = respond.send(());
            }
        });
        match timeout_at(deadline, response).await {
            Ok(Ok(())) => {
                world.count(&world.successes);
                Ok(())
            }
            _ => {
                sleep_until(deadline).await;
                Err(RequestError::TimedOut)
            }
        }
    }
}

impl World {
    fn count(&self, counts: &RefCell<Vec<u32>>) {
        let interval = (self.start.elapsed().as_millis() / INTERVAL_MS) as usize;
        if let Some(count) = counts.borrow_mut().get_mut(interval) {
            *count += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn naive(client: &mut Client) -> bool {
        while client.request().await.is_err() {}
        true
    }

    async fn once(client: &mut Client) -> bool {
        client.request().await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn the_same_seed_gives_the_same_report() {
        let first = run(Settings::default(), once).await;
        assert_eq!(first, run(Settings::default(), once).await);
        let other = Settings {
            seed: 2,
            ..Settings::default()
        };
        assert_ne!(first, run(other, once).await);
    }

    #[tokio::test(start_paused = true)]
    async fn naive_retries_outlive_the_incident() {
        let report = run(Settings::default(), naive).await;
        assert_eq!(Report::between(&report.successes, 15, 30), 0);
        assert!(Report::between(&report.requests, 15, 30) > 15 * 700);
    }

    #[tokio::test(start_paused = true)]
    async fn without_retries_the_upstream_recovers() {
        let report = run(Settings::default(), once).await;
        assert!(Report::between(&report.successes, 15, 30) > 15 * 150);
    }

    #[tokio::test(start_paused = true)]
    async fn skipping_what_comes_too_late_ends_the_storm() {
        let settings = Settings {
            skips_late: true,
            ..Settings::default()
        };
        let report = run(settings, naive).await;
        assert!(Report::between(&report.successes, 15, 30) > 15 * 150);
    }
}
