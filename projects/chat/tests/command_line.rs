//! The command line: one server and one client, as processes.
#![cfg(unix)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A process that is killed at the end of the test, even if it fails.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn chat(arguments: &[&str]) -> (Process, BufReader<ChildStdout>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_chat"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("chat starts");
    let stdout = BufReader::new(child.stdout.take().expect("piped"));
    (Process(child), stdout)
}

/// Reads until a line with this text.
fn until(stdout: &mut impl BufRead, text: &str) -> String {
    let line = stdout
        .lines()
        .map_while(Result::ok)
        .find(|line| line.contains(text));
    line.unwrap_or_else(|| panic!("no line with {text:?}"))
}

#[test]
fn a_client_talks_and_the_server_stops_at_ctrl_c() {
    let (mut server, mut served) = chat(&["--listen", "127.0.0.1:0"]);
    let line = until(&mut served, "Chat at http://");
    let url = line
        .split_whitespace()
        .find(|word| word.starts_with("http://"))
        .expect("a URL");

    let (mut client, mut shown) = chat(&["client", url, "ann"]);
    until(&mut shown, "Room lobby, with ann.");
    let mut stdin = client.0.stdin.take().expect("piped");
    stdin.write_all(b"hi\n").expect("is written");
    until(&mut shown, "ann: hi");
    drop(stdin);
    assert!(client.0.wait().expect("ends").success());

    let (mut other, mut shown) = chat(&["client", url, "bob"]);
    until(&mut shown, "Room lobby, with bob.");
    interrupt(&server.0);
    until(&mut shown, "the server is stopping (1001)");
    assert!(other.0.wait().expect("ends").success());
    assert!(server.0.wait().expect("ends").success());
}

#[test]
fn a_name_that_is_not_valid_is_refused_before_connecting() {
    let output = Command::new(env!("CARGO_BIN_EXE_chat"))
        .args(["client", "http://127.0.0.1:1", "a b"])
        .output()
        .expect("chat runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("a name has only letters"), "{error}");
}

fn interrupt(child: &Child) {
    let kill = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status();
    assert!(kill.expect("kill runs").success());
}
