//! Serves users, orders and transfers on loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use anyhow::Context;
use clap::Parser;
use orders::{Database, Limits, Settings, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tracing_subscriber::EnvFilter;

/// Users, orders and transfers over SQLite or Postgres.
#[derive(Parser)]
#[command(version)]
struct Args {
    /// The port on loopback; 0 for one that is free.
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// `sqlite:FILE` or `postgres://...`; without it, the variable DATABASE_URL, or else `sqlite:orders.db`.
    #[arg(long)]
    database_url: Option<String>,
    /// The size of the connection pool.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    max_connections: u32,
    /// Stores some users and orders if there are none.
    #[arg(long)]
    samples: bool,
}

/// How long requests may take to end after a signal.
const GRACE: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).init();

    let url = args
        .database_url
        .or_else(|| std::env::var("DATABASE_URL").ok())
        .unwrap_or_else(|| "sqlite:orders.db".to_owned());
    let settings = Settings {
        max_connections: args.max_connections,
        ..Settings::new(url)
    };
    let database = Database::connect(&settings)
        .await
        .context("The database could not be opened. Is DATABASE_URL right?")?;
    database
        .migrate()
        .await
        .context("The tables could not be brought up to date.")?;
    if args.samples {
        database
            .add_samples()
            .await
            .context("The samples could not be stored.")?;
    }

    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("Port {} could not be opened.", args.port))?;
    println!(
        "http://{}, with {}",
        listener.local_addr()?,
        database.name()
    );

    let (stopping, stopped) = oneshot::channel();
    let shutdown = async {
        shutdown_signal().await;
        let _ = stopping.send(());
    };
    let grace = async {
        match stopped.await {
            Ok(()) => tokio::time::sleep(GRACE).await,
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        served = serve(listener, database, Limits::default(), shutdown) => served.context("The server failed."),
        () = grace => anyhow::bail!("Some requests had not ended after {} seconds.", GRACE.as_secs()),
    }
}

async fn shutdown_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
