//! Reads events like a page.

use std::io::{BufRead, BufReader};
use std::time::Instant;

use serde_json::Value;

use crate::client::{Connection, DEADLINE, Pieces, Request};
use crate::server::Server;

/// An open event stream.
pub struct Events {
    lines: BufReader<Pieces>,
}

/// One event.
#[derive(Debug)]
pub struct Event {
    pub kind: String,
    pub data: Value,
}

impl Events {
    #[track_caller]
    pub fn of(server: &Server, request: &Request) -> Self {
        let mut connection = Connection::open(server.port);
        connection.send(&request.bytes());
        let head = connection.head().expect("the server answers");
        assert_eq!(head.status, 200);
        assert_eq!(head.header("content-type"), Some("text/event-stream"));
        Self {
            lines: BufReader::new(connection.pieces()),
        }
    }

    /// The next event.
    #[track_caller]
    pub fn next(&mut self) -> Event {
        let (mut kind, mut data) = (String::new(), String::new());
        let start = Instant::now();
        loop {
            // The keep-alive comments between events keep the socket from timing out.
            assert!(start.elapsed() < DEADLINE, "nothing happens");
            let mut line = String::new();
            let read = self.lines.read_line(&mut line).expect("the stream goes on");
            assert!(read > 0, "the stream has ended");
            match line.trim_end().split_once(": ") {
                Some(("event", name)) => name.clone_into(&mut kind),
                Some(("data", json)) => json.clone_into(&mut data),
                // An empty line ends an event.
                None if !data.is_empty() => break,
                _ => {}
            }
        }
        let data = serde_json::from_str(&data).expect("events are JSON");
        Event { kind, data }
    }

    /// Skips to an event of this kind that fulfils a condition, and returns its data.
    #[track_caller]
    pub fn until(&mut self, kind: &str, mut is_wanted: impl FnMut(&Value) -> bool) -> Value {
        loop {
            let event = self.next();
            if event.kind == kind && is_wanted(&event.data) {
                return event.data;
            }
        }
    }

    /// Skips to a card of this exercise that fulfils a condition.
    #[track_caller]
    pub fn card(&mut self, exercise: &str, mut is_wanted: impl FnMut(&Value) -> bool) -> Value {
        self.until("exercise", |card| {
            card["name"] == exercise && is_wanted(card)
        })
    }
}
