//! A server that sees when requests start, and how many are in progress.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use exercises::scraper::HostLimiter;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};
use grading::{Clock, Gauge};
use tokio::time::timeout;

use super::super::{LONG, lock, take};
use super::model::{Call, Plan, name};

/// What a server sees: when each request started, and how many were in progress.
#[derive(Clone, Default)]
pub(super) struct Server {
    starts: Arc<Mutex<Vec<Option<Duration>>>>,
    /// One for each host.
    gauges: Arc<Mutex<Vec<Gauge>>>,
}

impl Server {
    pub(super) fn gauge(&self, host: usize) -> Gauge {
        let mut gauges = lock(&self.gauges);
        while gauges.len() <= host {
            gauges.push(Gauge::new());
        }
        gauges[host].clone()
    }

    pub(super) fn start(&self, call: usize, at: Duration) {
        let mut starts = lock(&self.starts);
        if starts.len() <= call {
            starts.resize(call + 1, None);
        }
        starts[call] = Some(at);
    }

    /// The starts of the first `count` calls.
    pub(super) fn starts(&self, count: usize) -> Vec<Option<Duration>> {
        let mut starts = lock(&self.starts).clone();
        starts.resize(count, None);
        starts
    }

    pub(super) fn peak(&self) -> usize {
        let gauges = lock(&self.gauges);
        gauges.iter().map(Gauge::peak).max().unwrap_or(0)
    }
}

pub(super) fn limiter(plan: &Plan) -> HostLimiter {
    let limit = NonZeroUsize::new(plan.limit).unwrap_or(NonZeroUsize::MIN);
    HostLimiter::new(limit, plan.gap)
}

/// Makes all calls of `plan`, each at its instant, and returns when they have started.
pub(super) async fn starts_of(plan: &Plan) -> (Vec<Option<Duration>>, Server) {
    let (limiter, server, clock) = (limiter(plan), Server::default(), Clock::start());
    let calls = plan.calls.iter().enumerate().map(|(number, call)| {
        let (limiter, server) = (&limiter, &server);
        async move {
            take(call.at).await;
            let host = name(call.host);
            let run = Moved {
                run: Box::pin(limiter.run(&host, request(server, number, call, clock))),
                moves: call.moves,
            };
            match call.leaves {
                Some(leaves) => drop(timeout(leaves - call.at, run).await),
                // The caller goes on after a panic, as a task would.
                None => drop(AssertUnwindSafe(run).catch_unwind().await),
            }
        }
    });
    // Each has a waker of its own, as a task has: one that is woken polls no other one.
    let all: FuturesUnordered<_> = calls.map(FutureExt::boxed_local).collect();
    let times = plan
        .calls
        .iter()
        .map(|call| call.at + call.takes + plan.gap);
    let longest = times.sum::<Duration>() + LONG;
    let _ = timeout(longest, all.collect::<Vec<()>>()).await;
    (server.starts(plan.calls.len()), server)
}

/// A call that another task has polled before the one that awaits it.
struct Moved<'a> {
    run: Pin<Box<dyn Future<Output = ()> + 'a>>,
    moves: bool,
}

impl Future for Moved<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if std::mem::take(&mut self.moves) {
            let mut other = Context::from_waker(Waker::noop());
            if self.run.as_mut().poll(&mut other).is_ready() {
                return Poll::Ready(());
            }
        }
        self.run.as_mut().poll(cx)
    }
}

pub(super) async fn request(server: &Server, number: usize, call: &Call, clock: Clock) {
    server.start(number, clock.elapsed());
    let _in_flight = server.gauge(call.host).enter();
    take(call.takes).await;
    if call.panics {
        resume_unwind(Box::new("a request panics"));
    }
}
