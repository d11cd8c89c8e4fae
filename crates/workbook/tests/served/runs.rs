//! Runs the programs of a page.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{Connection, DEADLINE, Pieces};
use crate::server::Server;

/// A running program.
struct Run {
    lines: BufReader<Pieces>,
}

impl Run {
    #[track_caller]
    fn start(server: &Server, program: &str) -> Self {
        let request = server.request("POST", "run");
        let request = request.json(&json!({ "program": program }));
        let mut connection = Connection::open(server.port);
        connection.send(&request.bytes());
        let head = connection.head().expect("the server answers");
        assert_eq!(head.status, 200);
        assert_eq!(head.header("content-type"), Some("application/x-ndjson"));
        Self {
            lines: BufReader::new(connection.pieces()),
        }
    }

    /// The next line; `None` at the end.
    #[track_caller]
    fn next(&mut self) -> Option<Value> {
        let mut line = String::new();
        let read = self.lines.read_line(&mut line).expect("the stream goes on");
        (read > 0).then(|| serde_json::from_str(&line).expect("a line is JSON"))
    }

    #[track_caller]
    fn rest(mut self) -> Vec<Value> {
        std::iter::from_fn(|| self.next()).collect()
    }

    #[track_caller]
    fn prints(&mut self, text: &str) {
        while self.next().expect("it goes on")["text"] != text {}
    }
}

/// A program that waits until a file of this name exists.
fn until(server: &Server, name: &str) -> (String, PathBuf) {
    let file = server.workbook.path(name);
    (format!("// until {}\n", file.display()), file)
}

#[track_caller]
fn wait_for(file: &Path) {
    let start = Instant::now();
    while !file.exists() {
        assert!(start.elapsed() < DEADLINE, "{} is missing", file.display());
        #[expect(clippy::disallowed_methods, reason = "another process takes its time")]
        thread::sleep(Duration::from_millis(5));
    }
}

#[test_cache::test]
fn streams_the_lines_of_a_program() {
    let server = Server::start();
    let step = json!({ "kind": "step", "text": "Compiling", "done": 0, "total": 0 });
    let output =
        |stream: &str, text: &str| json!({ "kind": "output", "stream": stream, "text": text });
    let timelines = json!([{ "name": "nap", "svg": "<svg/>" }]);
    let success =
        json!({ "kind": "ended", "success": true, "message": null, "timelines": timelines });
    assert_eq!(
        Run::start(&server, "fn main() {}").rest(),
        [
            step,
            output("stdout", "rested\n"),
            output("stderr", "warned\n"),
            success
        ]
    );
    let lines = Run::start(&server, "// unused\nexit(3)").rest();
    assert_eq!(lines[1]["kind"], "warning");
    assert_eq!(lines[1]["diagnostic"]["level"], "warning");
    let last = lines.last().unwrap();
    assert_eq!(
        (&last["kind"], &last["success"]),
        (&"ended".into(), &false.into())
    );
    assert!(last["message"].as_str().unwrap().contains('3'), "{last}");
    let lines = Run::start(&server, "\nerror").rest();
    let last = lines.last().unwrap();
    assert_eq!(last["kind"], "errors");
    assert_eq!(last["errors"][0]["line"], 2);
}

#[test_cache::test]
fn sends_output_at_once() {
    let server = Server::start();
    let (program, file) = until(&server, "go");
    let mut run = Run::start(&server, &program);
    run.prints("rested\n");
    // The program cannot have ended yet.
    fs::write(file, "").unwrap();
    run.prints("went on\n");
    assert_eq!(run.rest().last().unwrap()["kind"], "ended");
}

#[test_cache::test]
fn reports_a_panic_of_the_tool() {
    let server = Server::start();
    let lines = Run::start(&server, "no compiler").rest();
    let last = lines.last().unwrap();
    assert_eq!(last["kind"], "failed");
    assert!(last["error"].as_str().unwrap().contains("rustup.rs"));
    let lines = Run::start(&server, "the tool panics").rest();
    assert_eq!(lines.last().unwrap()["kind"], "failed");
    // Its permit has been released.
    Run::start(&server, "fn main() {}").prints("rested\n");
}

#[test_cache::test]
fn disconnecting_stops_the_program() {
    let server = Server::start();
    let (program, file) = until(&server, "go");
    let mut run = Run::start(&server, &program);
    run.prints("rested\n");
    drop(run);
    wait_for(&file.with_extension("cancelled"));
}

#[test_cache::test]
fn programs_wait_for_a_permit_and_report_it() {
    let server = Server::start();
    // One core is left for grading.
    let cores = thread::available_parallelism().unwrap().get();
    let turns = cores.saturating_sub(1).max(1);
    let (program, file) = until(&server, "go");
    let mut running: Vec<_> = (0..turns).map(|_| Run::start(&server, &program)).collect();
    for run in &mut running {
        run.prints("rested\n");
    }
    let waits = |run: &mut Run| {
        let line = run.next().expect("it reports that it waits");
        assert_eq!(line["text"], "Waiting for another program");
    };
    let mut next = Run::start(&server, "fn main() {}");
    waits(&mut next);
    // A client that disconnects while it waits takes no permit.
    let (never, mark) = until(&server, "never");
    let files = server.count("fd");
    let mut gone = Run::start(&server, &never);
    waits(&mut gone);
    drop(gone);
    server.closes(files);
    fs::write(&file, "").unwrap();
    next.prints("rested\n");
    for run in running {
        assert_eq!(run.rest().last().unwrap()["kind"], "ended");
    }
    Run::start(&server, "fn main() {}").prints("rested\n");
    assert!(!mark.with_extension("cancelled").exists());
}
