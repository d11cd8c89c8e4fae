//! Runs the server in a small workbook.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Answer, Connection, DEADLINE, Request};
use crate::event_stream::Events;
use crate::workbook::Workbook;

/// A server that ends when it is dropped.
pub struct Server {
    pub workbook: Workbook,
    /// What it listens on: `127.0.0.1`
    pub address: String,
    pub port: u16,
    /// The key in the address that it shows.
    pub key: String,
    child: Child,
    stdout: Receiver<String>,
    stderr: Option<JoinHandle<String>>,
}

impl Server {
    /// A server in a new workbook, on a free port.
    pub fn start() -> Self {
        Self::of(Workbook::new())
    }

    /// A server in this workbook.
    pub fn of(workbook: Workbook) -> Self {
        let mut tool = workbook.tool();
        tool.args(["serve", "--no-open", "--port", "0"]);
        Self::run(workbook, tool)
    }

    /// A server in a new workbook, on a free port, with these arguments.
    pub fn with(arguments: &[&str]) -> Self {
        let workbook = Workbook::new();
        let mut tool = workbook.tool();
        tool.args(["serve", "--no-open", "--port", "0"])
            .args(arguments);
        Self::run(workbook, tool)
    }

    /// Runs this command, and waits until it shows an address.
    pub fn run(workbook: Workbook, mut tool: Command) -> Self {
        let mut child = tool
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the tool can be started");
        let out = BufReader::new(child.stdout.take().expect("it is a pipe"));
        let mut err = child.stderr.take().expect("it is a pipe");
        let (tx, stdout) = mpsc::channel();
        // Both are read to the end, so that the tool is never blocked by a full pipe.
        thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = tx.send(line);
            }
        });
        let stderr = thread::spawn(move || {
            let mut text = Vec::new();
            let _ = err.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        let mut server = Self {
            workbook,
            address: String::new(),
            port: 0,
            key: String::new(),
            child,
            stdout,
            stderr: Some(stderr),
        };
        let line = server.prints("/#key=");
        let (host, key) = line
            .trim()
            .strip_prefix("http://")
            .and_then(|rest| rest.split_once("/#key="))
            .unwrap_or_else(|| panic!("no address: {line}"));
        let (address, port) = host.rsplit_once(':').expect("a port");
        address.clone_into(&mut server.address);
        server.port = port.parse().expect("a port");
        key.clone_into(&mut server.key);
        server
    }

    /// Waits until it prints a line with this text, and returns the line.
    #[track_caller]
    pub fn prints(&self, text: &str) -> String {
        let mut before = Vec::new();
        loop {
            match self.stdout.recv_timeout(DEADLINE) {
                Ok(line) if line.contains(text) => return line,
                Ok(line) => before.push(line),
                Err(error) => panic!("{text}: {error} after {before:#?}"),
            }
        }
    }

    /// How many open files (`fd`) or threads (`task`) its process has.
    pub fn count(&self, what: &str) -> usize {
        let folder = format!("/proc/{}/{what}", self.child.id());
        fs::read_dir(folder)
            .expect("the server is there")
            .flatten()
            .count()
    }

    /// Waits until it has no more than this many open files.
    #[track_caller]
    pub fn closes(&self, files: usize) {
        let start = Instant::now();
        while self.count("fd") > files {
            assert!(start.elapsed() < DEADLINE, "the server keeps connections");
            #[expect(clippy::disallowed_methods, reason = "another process takes its time")]
            thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn host(&self) -> String {
        format!("{}:{}", self.address, self.port)
    }

    /// Exchanges a key for the token.
    pub fn open(&self, key: &str) -> Answer {
        let request = Request::new("POST", "/workbook/token", &self.host());
        self.ask(&request.json(&json!({ "key": key })))
    }

    pub fn token(&self) -> String {
        let opened = self.open(&self.key).is(200);
        opened["token"].as_str().expect("a token").to_owned()
    }

    /// A request of an authorized page.
    pub fn request(&self, method: &str, path: &str) -> Request {
        Request::new(method, &format!("/workbook/{path}"), &self.host())
            .and("Origin", &format!("http://{}", self.host()))
            .and("Sec-Fetch-Site", "same-origin")
            .and("Sec-Fetch-Mode", "cors")
            .and("Sec-Fetch-Dest", "empty")
            .and("Authorization", &format!("Bearer {}", self.token()))
    }

    /// Sends a request on a new connection.
    #[track_caller]
    pub fn ask(&self, request: &Request) -> Answer {
        Connection::to(&self.address, self.port).ask(request)
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.ask(&self.request("POST", path).json(body))
    }

    /// The response to a request without a token.
    #[track_caller]
    pub fn page(&self, path: &str) -> Answer {
        self.ask(&Request::new("GET", path, &self.host()))
    }

    pub fn events(&self) -> Events {
        Events::of(self, &self.request("GET", "events"))
    }

    /// Waits until everything has been graded once.
    pub fn settles(&self) {
        self.prints("demo/double: ");
        let mut events = self.events();
        for exercise in ["demo/double", "demo/triple", "other-one/half"] {
            events.card(exercise, |card| !card["state"].is_null());
        }
    }

    /// Ends it, and returns what it has printed to standard error.
    pub fn end(mut self) -> String {
        self.kill();
        let stderr = self.stderr.take().expect("it is ended once");
        stderr.join().expect("it was read")
    }

    fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A failing test leaves no server behind.
impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
