//! A process that saves progress until it is killed.

use std::io::{BufRead, BufReader, Write, stdout};
use std::path::Path;
use std::process::{Child, ChildStdout, Command};

use workbook::progress_store::Store;

const SAVED: &str = "saved ";

/// Saves `<name>/0`, `<name>/1` and so on as solved, forever, and prints each after it was saved.
pub fn write_for_ever(root: &Path, name: &str) {
    let store = Store::open(root);
    for number in 0u64.. {
        let exercise = format!("{name}/{number}");
        let (_, notice) = store
            .update(|progress, now| progress.solved(&exercise, now))
            .unwrap();
        assert_eq!(notice, None);
        // In one write, so that a kill does not leave half of a name.
        let line = format!("\n{SAVED}{exercise}\n");
        stdout().write_all(line.as_bytes()).unwrap();
        stdout().flush().unwrap();
    }
}

/// A running writer.
pub struct Writer {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    saved: Vec<String>,
}

impl Writer {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self {
            child,
            lines,
            saved: Vec::new(),
        }
    }

    /// Waits until it has printed that something was saved.
    pub fn wait(&mut self) {
        let line = self.next().expect("the writer goes on");
        self.saved.push(line);
    }

    /// Kills it (with SIGKILL on Unix), and returns everything that it reported as saved.
    pub fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        while let Some(line) = self.next() {
            self.saved.push(line);
        }
        std::mem::take(&mut self.saved)
    }

    fn next(&mut self) -> Option<String> {
        let lines = self.lines.by_ref().map_while(Result::ok);
        lines
            .filter_map(|line| Some(line.strip_prefix(SAVED)?.to_owned()))
            .next()
    }
}

/// A failing test leaves no writer behind.
impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
