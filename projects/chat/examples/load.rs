//! A load test: many members in rooms of a hundred, one of them stuck.
//!
//! `cargo run -p chat --release --example load -- 2000`

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use chat::{Client, ClientError, Config, Event, Limits, Name, Server, Text};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// How many members a room has. Each join is told to all of them.
const ROOM: usize = 100;

/// How many messages are said in each room.
const MESSAGES: usize = 200;

/// About how many bytes each of them has.
const LENGTH: usize = 1_000;

#[tokio::main]
async fn main() -> Result<()> {
    let members = std::env::args().nth(1);
    let members = members.map_or(Ok(2_000), |count| count.parse());
    let members: usize = members.context("The first argument is the number of members.")?;
    let config = Config {
        limits: Limits {
            burst: 10_000,
            per_second: 10_000,
            sessions: members + 1,
            ping_every: Duration::from_secs(300),
            ..Limits::default()
        },
        ..Config::default()
    };
    let server = Server::bind(([127, 0, 0, 1], 0).into(), config).await?;
    let (url, chat) = (format!("http://{}", server.address()), server.chat());
    let stop = CancellationToken::new();
    let server = tokio::spawn(server.run(stop.clone()));

    let start = Instant::now();
    let first: Name = "room-0".parse()?;
    let stuck = Client::connect(&url, &first, &"stuck".parse()?).await?; // never reads
    let (mut listeners, mut speakers) = (JoinSet::new(), Vec::new());
    for number in 0..members {
        let room = format!("room-{}", number / ROOM).parse()?;
        let client = connect(&url, &room, &format!("peer-{number}")).await?;
        if number % ROOM == 0 {
            speakers.push(client);
        } else {
            listeners.spawn(listen(client));
        }
    }
    let rooms = speakers.len();
    println!(
        "{members} members joined {rooms} rooms in {:.1?}",
        start.elapsed()
    );
    println!("the process uses {} MB", memory());

    let start = Instant::now();
    let mut speaking = JoinSet::new();
    for speaker in speakers {
        speaking.spawn(speak(speaker));
    }
    // A member that leaves is an event for all others, so each stays until all have heard everything.
    let (mut present, mut removed, mut delivered) = (Vec::new(), 0, 0);
    let mut highest = memory();
    while let Some(speaker) = speaking.join_next().await {
        present.push(speaker??);
        delivered += MESSAGES;
        highest = highest.max(memory());
    }
    while let Some(listener) = listeners.join_next().await {
        let (client, heard) = listener??;
        delivered += heard;
        removed += usize::from(heard < MESSAGES);
        present.push(client);
    }
    let took = start.elapsed();
    let expected = MESSAGES * members;
    let rate = delivered as f64 / took.as_secs_f64();
    println!("{delivered} of {expected} messages delivered in {took:.1?}, {rate:.0} a second");
    println!("{removed} members were removed because they read too slowly");
    println!("the process used at most {highest} MB");
    drop(present);

    let mut speaker = connect(&url, &first, "speaker").await?;
    let (text, mut said) = (Text::try_from("x".repeat(3 * LENGTH))?, 0);
    while chat.members(&first).contains(&"stuck".parse()?) {
        say(&mut speaker, &text).await?;
        said += 1;
    }
    println!("the stuck member was removed after {said} messages more, of 3 KB");
    println!("the process uses {} MB", memory());

    drop(stuck);
    stop.cancel();
    Ok(server.await??)
}

async fn connect(url: &str, room: &Name, name: &str) -> Result<Client> {
    let mut client = Client::connect(url, room, &name.parse()?).await?;
    let welcome = client.next().await?;
    anyhow::ensure!(matches!(welcome, Event::Welcome { .. }), "{welcome:?}");
    Ok(client)
}

/// Message number so many, which begins with its number.
fn message(number: usize) -> Result<Text> {
    Ok(format!("{number} {}", "x".repeat(LENGTH)).try_into()?)
}

/// Says all messages, each one after it has heard the one before.
async fn speak(mut client: Client) -> Result<Client> {
    for number in 0..MESSAGES {
        say(&mut client, &message(number)?).await?;
    }
    Ok(client)
}

async fn say(client: &mut Client, text: &Text) -> Result<()> {
    client.say(text.clone()).await?;
    while !matches!(client.next().await?, Event::Said(_)) {}
    Ok(())
}

/// Hears until all messages have been said, or the server removes it because it reads too slowly. Returns how many it has
/// heard. It is an error if a message is missing, or if the session ends in another way.
async fn listen(mut client: Client) -> Result<(Client, usize)> {
    let mut heard = 0;
    while heard < MESSAGES {
        match client.next().await {
            Ok(Event::Said(said)) => {
                anyhow::ensure!(said.text == message(heard)?, "message {heard} is missing");
                heard += 1;
            }
            Ok(_) => {}
            Err(ClientError::Closed { code: 1008, .. }) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok((client, heard))
}

/// The memory of this process in MB, on Linux; elsewhere 0.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = resident.and_then(|size| size.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.unwrap_or_default() / 1024
}
