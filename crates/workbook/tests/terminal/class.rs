//! `cargo workbook class`: what travels to a room, and that a room which is gone delays nothing.
//!
//! The room itself is tested in `crates/classroom`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::workbook::Workbook;

/// A fake room, which takes everything and remembers it.
struct FakeRoom {
    address: String,
    received: Arc<Mutex<Vec<(String, String)>>>,
}

impl FakeRoom {
    fn open() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let received = Arc::new(Mutex::new(Vec::new()));
        let room = Self {
            address: listener.local_addr().expect("it listens").to_string(),
            received: Arc::clone(&received),
        };
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (request, body) = read(stream.expect("a connection"));
                received.lock().expect("not poisoned").push((request, body));
            }
        });
        room
    }

    /// The first lines and the bodies of the requests since the last time.
    fn received(&self) -> Vec<(String, String)> {
        std::mem::take(&mut self.received.lock().expect("not poisoned"))
    }
}

/// Answers one request.
fn read(stream: TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let (mut request, mut length, mut line) = (String::new(), 0, String::new());
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        if request.is_empty() {
            line.trim_end().clone_into(&mut request);
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
        line.clear();
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("the whole body");
    let answer =
        json!({ "token": "secret", "title": "A class\u{1b}[2J", "version": 0 }).to_string();
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{answer}",
        answer.len()
    );
    reader
        .get_mut()
        .write_all(answer.as_bytes())
        .expect("the tool reads");
    (request, String::from_utf8(body).expect("UTF-8"))
}

fn join(workbook: &Workbook, room: &FakeRoom) {
    let joined = format!("class join {} K7MQ-3XRT --name Ada --id s1", room.address);
    workbook
        .run(&joined)
        .exits_with(0)
        .says("You are in the class “A class[2J”");
}

#[test_cache::test]
fn names_states_minutes_and_mistakes_travel_and_no_code() {
    let (workbook, room) = (Workbook::new(), FakeRoom::open());
    workbook.answer("number * 2 // right", "number + 1 // my own code");
    workbook.run("check").exits_with(1);
    assert_eq!(
        room.received(),
        [],
        "before the learner joins, nothing travels"
    );
    join(&workbook, &room);
    workbook.run("check").exits_with(1);
    let received = room.received();
    let (request, body) = &received[0];
    assert_eq!(request, "POST /room/join HTTP/1.1");
    let expected = json!({ "code": "K7MQ-3XRT", "student": { "id": "s1", "name": "Ada" } });
    assert_eq!(serde_json::from_str::<Value>(body).expect("JSON"), expected);
    let (request, body) = received.last().expect("a state");
    assert_eq!(request, "PUT /room/state HTTP/1.1");
    let state: Value = serde_json::from_str(body).expect("JSON");
    let keys = |value: &Value| -> Vec<String> {
        value
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect()
    };
    assert_eq!(keys(&state), ["current", "exercises", "version"]);
    assert_eq!(
        keys(&state["exercises"]),
        ["demo/double", "demo/triple", "other-one/half"]
    );
    assert_eq!(
        keys(&state["exercises"]["demo/triple"]),
        ["minutes", "mistakes", "state"]
    );
    assert_eq!(state["exercises"]["demo/triple"]["state"], "failing");
    for (_, body) in &received {
        assert!(
            !body.contains("number") && !body.contains("my own code"),
            "{body}"
        );
        let root = workbook.path("").to_string_lossy().into_owned();
        assert!(
            !body.contains(&root),
            "a folder of this machine is named: {body}"
        );
    }
}

#[test_cache::test]
fn only_a_learner_who_asks_sends_an_answer() {
    let (workbook, room) = (Workbook::new(), FakeRoom::open());
    workbook.answer("number * 2 // right", "number + 1 // my own code");
    join(&workbook, &room);
    room.received();
    workbook
        .run("class ask triple --message Why?")
        .exits_with(0)
        .says("Your teacher sees that you ask for help with demo/triple.");
    let received = room.received();
    let [(request, body)] = &*received else {
        panic!("{received:?}");
    };
    assert_eq!(request, "POST /room/help HTTP/1.1");
    let ask: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(
        (&ask["exercise"], &ask["message"]),
        (&json!("demo/triple"), &json!("Why?"))
    );
    assert!(
        body.contains("my own code") && !body.contains("right"),
        "only this answer: {body}"
    );
    workbook.run("class ask triple --withdraw").exits_with(0);
    assert_eq!(room.received()[0].0, "DELETE /room/help HTTP/1.1");
    // A file that cannot be taken apart is sent whole, and the learner is told.
    workbook.answer("number * 2", "number + (1");
    let ran = workbook.run("class ask triple").exits_with(0);
    let notice = ran.stderr().replace('\n', " ");
    assert!(notice.contains("the whole file was sent"), "{notice}");
    workbook.write("exercises/src/demo.rs", &"// long\n".repeat(10_000));
    let ran = workbook.run("class ask triple").exits_with(2);
    assert!(ran.stderr().contains("too long"), "{}", ran.stderr());
}

#[test_cache::test]
fn a_learner_can_leave_even_if_the_room_is_gone() {
    let (workbook, room) = (Workbook::new(), FakeRoom::open());
    join(&workbook, &room);
    let again = format!("class join {} K7MQ-3XRT", room.address);
    let ran = workbook.run(&again).exits_with(2);
    assert!(ran.stderr().contains("Leave it first"), "{}", ran.stderr());
    workbook
        .run("class status")
        .exits_with(0)
        .says("is 0 exercises");
    let membership = workbook.read(".workbook/room.json");
    let gone = membership.replace(&room.address, "127.0.0.1:9");
    workbook.write(".workbook/room.json", &gone);
    workbook
        .run("class leave")
        .exits_with(0)
        .says("nothing more is sent");
    assert!(!workbook.path(".workbook/room.json").exists());
    workbook
        .run("class status")
        .exits_with(0)
        .says("You are in no class");
    for command in ["class leave", "class ask triple"] {
        let ran = workbook.run(command).exits_with(2);
        assert!(
            ran.stderr().contains("You are in no class"),
            "{}",
            ran.stderr()
        );
    }
}

/// A room that takes connections and never answers.
#[test_cache::test]
fn a_room_that_does_not_answer_delays_no_verdict() {
    let workbook = Workbook::new();
    let room = FakeRoom::open();
    join(&workbook, &room);
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
    let address = silent.local_addr().expect("it listens").to_string();
    let membership = workbook.read(".workbook/room.json");
    workbook.write(
        ".workbook/room.json",
        &membership.replace(&room.address, &address),
    );
    workbook.answer("number * 2 // right", "number * 3 // right");
    let start = Instant::now();
    workbook
        .run("check demo")
        .exits_with(0)
        .says("All of 2 exercises solved");
    assert!(
        start.elapsed() < Duration::from_secs(5),
        "{:?}",
        start.elapsed()
    );
    // What could not be sent is sent by the next command.
    workbook.write(".workbook/room.json", &membership);
    room.received();
    workbook.run("check demo/double").exits_with(0);
    let received = room.received();
    let (_, body) = received.last().expect("a state");
    assert_eq!(body.matches("\"solved\"").count(), 2, "{body}");
}

#[cfg(unix)]
#[test_cache::test]
fn other_users_cannot_read_the_token() {
    use std::os::unix::fs::PermissionsExt;
    let (workbook, room) = (Workbook::new(), FakeRoom::open());
    join(&workbook, &room);
    let mode = workbook
        .path(".workbook/room.json")
        .metadata()
        .expect("it exists");
    assert_eq!(mode.permissions().mode() & 0o077, 0);
}

#[test_cache::test]
fn a_room_that_cannot_be_reached_is_named() {
    let workbook = Workbook::new();
    let ran = workbook
        .run("class join 127.0.0.1:9 K7MQ-3XRT --name Ada")
        .exits_with(2);
    assert!(
        ran.stderr()
            .contains("The room at 127.0.0.1:9 cannot be reached."),
        "{}",
        ran.stderr()
    );
    for address in ["", "https://room.example/", "a b", "user@room.example"] {
        let mut tool = workbook.tool();
        let output = tool
            .args(["class", "join", address, "CODE"])
            .output()
            .expect("the tool runs");
        assert_eq!(output.status.code(), Some(2), "{address}");
    }
}
