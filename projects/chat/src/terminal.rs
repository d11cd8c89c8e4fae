//! A client in the terminal.

use std::io::BufRead;
use std::thread;

use anyhow::{Context, Result};
use chat::{Client, ClientError, Event, Name, Text};
use tokio::sync::mpsc;

/// Sends each line of standard input, and prints what is said, until the input or the session ends.
pub async fn chat(url: &str, room: &Name, name: &Name) -> Result<()> {
    let client = Client::connect(url, room, name).await;
    let mut client = client.with_context(|| format!("There is no chat at {url}."))?;
    let mut lines = lines();
    loop {
        tokio::select! {
            event = client.next() => match event {
                Ok(event) => println!("{}", line(&event)),
                Err(error @ ClientError::Closed { .. }) => {
                    println!("{error}");
                    return Ok(());
                }
                Err(error) => return Err(error).context("The session ended."),
            },
            line = lines.recv() => match line.map(Text::try_from) {
                Some(Ok(text)) => client.say(text).await.context("The message was not sent.")?,
                Some(Err(error)) => println!("{error}"),
                None => return client.close().await.context("The session did not end cleanly."),
            },
        }
    }
}

/// The lines of standard input. A thread reads them, which cannot be interrupted: it ends with the process.
fn lines() -> mpsc::Receiver<String> {
    let (tx, rx) = mpsc::channel(16);
    thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if tx.blocking_send(line).is_err() {
                return;
            }
        }
    });
    rx
}

/// A `Text` has no control characters, so that it cannot send escape codes to the terminal.
fn line(event: &Event) -> String {
    match event {
        Event::Welcome {
            room,
            members,
            history,
            ..
        } => {
            let members: Vec<_> = members.iter().map(Name::as_str).collect();
            let mut shown = format!("Room {room}, with {}.", members.join(", "));
            for said in history {
                shown += &format!("\n{}: {}", said.from, said.text.as_str());
            }
            shown
        }
        Event::Said(said) => format!("{}: {}", said.from, said.text.as_str()),
        Event::Joined { name } => format!("{name} joined."),
        Event::Left { name, why } => format!("{name} left ({why:?})."),
    }
}
