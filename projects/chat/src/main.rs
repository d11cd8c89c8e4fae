//! The command line: a server, or a client in the terminal.

mod terminal;

use std::io;
use std::net::SocketAddr;

use anyhow::{Context, Result};
use chat::{Config, Name, Server};
use clap::{Parser, Subcommand};
use tokio_util::sync::CancellationToken;

/// A chat over WebSockets. Without a command, it serves.
#[derive(Debug, Parser)]
struct Arguments {
    /// The address to serve at.
    #[arg(long, default_value = "127.0.0.1:3000")]
    listen: SocketAddr,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Chats from the terminal.
    Client {
        /// The URL that the server prints.
        url: String,
        /// Your name.
        name: Name,
        /// The room to join.
        #[arg(long, default_value = "lobby")]
        room: Name,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let arguments = Arguments::parse();
    match arguments.command {
        None => serve(arguments.listen).await,
        Some(Command::Client { url, name, room }) => terminal::chat(&url, &room, &name).await,
    }
}

async fn serve(listen: SocketAddr) -> Result<()> {
    let server = Server::bind(listen, Config::default()).await;
    let server = server.with_context(|| format!("The address {listen} cannot be bound."))?;
    println!("Chat at http://{} - stop with Ctrl+C.", server.address());
    let stop = CancellationToken::new();
    tokio::spawn({
        let stop = stop.clone();
        async move {
            if asked_to_stop().await.is_ok() {
                stop.cancel();
            }
        }
    });
    server
        .run(stop)
        .await
        .context("The server did not stop cleanly.")
}

/// Waits for Ctrl+C, or for the signal that a service manager sends.
#[cfg(unix)]
async fn asked_to_stop() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
