//! The demo: a client with all layers, and an upstream that fails for a while. Or the simulation, as a table.

use std::num::NonZeroU32;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use reqwest::{Client, Url};
use resilience::layers::{Call, Settings, stack};
use resilience::simulation::{self, Report};
use resilience::upstream::{Behavior, Upstream};
use resilience::{Backoff, CircuitBreaker};
use tokio::time::{Instant, sleep};
use tower::{Service, ServiceExt};

/// Calls an upstream that fails for two seconds. Without a command, over real sockets.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Simulates 200 clients for 30 seconds of virtual time, with naive retries and with each cure.
    Simulate {
        /// What the random numbers begin with.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all();
    let runtime = |mut builder: tokio::runtime::Builder| {
        builder.build().context("The runtime cannot be built.")
    };
    match arguments.command {
        None => runtime(builder)?.block_on(demo()),
        Some(Command::Simulate { seed }) => {
            builder.start_paused(true);
            runtime(builder)?.block_on(simulate(seed));
            Ok(())
        }
    }
}

async fn demo() -> Result<()> {
    let upstream = Upstream::start(64)
        .await
        .context("The upstream cannot listen on loopback.")?;
    let url: Url = upstream.url().parse().context("The URL is not valid.")?;
    let client = Client::builder().no_proxy().build();
    let client = client.context("The client cannot be built.")?;
    let mut service = stack(client.clone(), Settings::default());
    for call in 0..40 {
        match call {
            10 => upstream.set(Behavior::status(503)),
            30 => upstream.set(Behavior::HEALTHY),
            _ => {}
        }
        let before = upstream.requests();
        let request = client.get(url.clone()).build();
        let call_with_deadline = Call {
            request: request.context("The request is not valid.")?,
            deadline: Instant::now() + Duration::from_secs(1),
        };
        let ready = service.ready().await;
        let ready = ready.context("The client is not ready.")?;
        let outcome = match ready.call(call_with_deadline).await {
            Ok(response) => response.status().to_string(),
            Err(error) => error.to_string(),
        };
        let sent = upstream.requests() - before;
        println!("call {call:2}: {outcome}, requests that arrived: {sent}");
        sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

async fn simulate(seed: u64) {
    let settings = simulation::Settings {
        seed,
        ..simulation::Settings::default()
    };
    let backoff = Backoff {
        base: Duration::from_millis(200),
        cap: Duration::from_secs(5),
    };
    print("naive retries", &simulation::run(settings, naive).await);
    let jittered = async |client: &mut simulation::Client| {
        let mut retry = 0;
        while client.request().await.is_err() {
            sleep(backoff.full_jitter(retry, &mut client.rng)).await;
            retry += 1;
        }
        true
    };
    print("full jitter", &simulation::run(settings, jittered).await);
    let failures = NonZeroU32::new(5).unwrap_or(NonZeroU32::MIN);
    let breaker = CircuitBreaker::new(failures, Duration::from_secs(1));
    let broken = async |client: &mut simulation::Client| {
        while let Ok(result) = breaker.run(client.request(), Result::is_err).await {
            if result.is_ok() {
                return true;
            }
        }
        false
    };
    print("circuit breaker", &simulation::run(settings, broken).await);
    let shedding = simulation::Settings {
        queue: 20,
        ..settings
    };
    print("load shedding", &simulation::run(shedding, jittered).await);
    let skipping = simulation::Settings {
        skips_late: true,
        ..settings
    };
    print("deadlines", &simulation::run(skipping, naive).await);
}

async fn naive(client: &mut simulation::Client) -> bool {
    while client.request().await.is_err() {}
    true
}

fn print(name: &str, report: &Report) {
    println!("{name}");
    for from in (0..30).step_by(5) {
        let requests = Report::between(&report.requests, from, from + 5);
        let successes = Report::between(&report.successes, from, from + 5);
        println!(
            "  {from:2} s to {:2} s: {requests:5} requests, {successes:5} successes",
            from + 5
        );
    }
}
