//! Clients that post jobs without a pause, behind a load balancer that asks for readiness.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use reqwest::Client;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::support::{Service, client, post, within, words};

const CLIENTS: usize = 8;

/// How often the load balancer asks.
const PERIOD: Duration = Duration::from_millis(10);

/// What the clients have seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// The number of each job that was accepted, and how many words it has.
    pub accepted: BTreeMap<u64, u64>,
    /// Requests without an answer, or with another one.
    pub failures: Vec<String>,
}

/// Clients that run.
pub struct Load {
    clients: JoinSet<Seen>,
    stop: CancellationToken,
    accepted: watch::Receiver<usize>,
}

impl Load {
    /// Clients that send requests to the first of these services that is ready. Each pair has the probes and the API.
    pub fn balanced(services: Vec<(String, String)>) -> Self {
        let (ready, target) = watch::channel(None);
        let load = Self::start(target);
        let stop = load.stop.clone();
        tokio::spawn(async move {
            let client = client();
            while !stop.is_cancelled() {
                let mut first = None;
                for (probes, api) in &services {
                    let response = client.get(format!("{probes}/ready")).send().await;
                    if response.is_ok_and(|response| response.status().is_success()) {
                        first = Some(api.clone());
                        break;
                    }
                }
                ready.send_if_modified(|ready| std::mem::replace(ready, first.clone()) != first);
                sleep(PERIOD).await;
            }
        });
        load
    }

    /// Clients that do not ask for readiness.
    pub fn direct(api: String) -> Self {
        let (_, target) = watch::channel(Some(api));
        Self::start(target)
    }

    fn start(target: watch::Receiver<Option<String>>) -> Self {
        let (count, accepted) = watch::channel(0);
        let (mut clients, stop) = (JoinSet::new(), CancellationToken::new());
        let shared = client();
        for number in 0..CLIENTS {
            // Half of the clients share connections that are kept alive. The others open one for each request.
            let client = match number % 2 {
                0 => shared.clone(),
                _ => one_request_each(),
            };
            let (target, stop, count) = (target.clone(), stop.clone(), count.clone());
            clients.spawn(post_without_pause(client, target, stop, count));
        }
        Self {
            clients,
            stop,
            accepted,
        }
    }

    /// Waits until so many more jobs have been accepted.
    pub async fn accepted(&mut self, more: usize) {
        let enough = *self.accepted.borrow() + more;
        let waited = within(self.accepted.wait_for(|count| *count >= enough)).await;
        waited.expect("the clients run");
    }

    /// Ends the clients, each after the answer to its request.
    pub async fn stop(mut self) -> Seen {
        self.stop.cancel();
        let mut all = Seen::default();
        while let Some(seen) = within(self.clients.join_next()).await {
            let seen = seen.expect("no client panics");
            let (before, added) = (all.accepted.len(), seen.accepted.len());
            all.accepted.extend(seen.accepted);
            assert_eq!(all.accepted.len(), before + added, "a number is used twice");
            all.failures.extend(seen.failures);
        }
        all
    }
}

fn one_request_each() -> Client {
    let client = Client::builder().no_proxy().pool_max_idle_per_host(0);
    client.build().expect("a client without TLS needs nothing")
}

async fn post_without_pause(
    client: Client,
    mut target: watch::Receiver<Option<String>>,
    stop: CancellationToken,
    count: watch::Sender<usize>,
) -> Seen {
    let mut seen = Seen::default();
    for length in (1..9).cycle() {
        let ready = async { target.wait_for(Option::is_some).await.ok()?.clone() };
        let Some(Some(api)) = stop.run_until_cancelled(ready).await else {
            return seen;
        };
        match post(&client, &api, &"word ".repeat(length)).await {
            Ok(id) => {
                seen.accepted.insert(id, length as u64);
                count.send_modify(|count| *count += 1);
            }
            Err(error) => {
                seen.failures.push(error);
                sleep(PERIOD).await;
            }
        }
    }
    seen
}

/// Starts the service again, and checks that each job is there and gets done.
pub async fn assert_nothing_is_lost(folder: &Path, seen: &Seen) {
    assert!(!seen.accepted.is_empty());
    let mut service = Service::start(folder, &[]).await;
    let (api, client) = (service.api().await, client());
    for (id, length) in &seen.accepted {
        assert_eq!(words(&client, &api, *id).await, Ok(*length), "job {id}");
    }
    service.stop().await.assert_code(0);
}
