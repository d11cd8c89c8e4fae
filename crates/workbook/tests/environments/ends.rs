//! However the tool ends, everything that it has started ends, too.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::clone::Clone;

/// An answer that starts processes by which it can be found, and runs for longer than any test waits.
const ENDLESS: &str = "{ std::process::Command::new(\"sleep\").arg(\"77.31\").spawn().unwrap(); \
                       std::process::Command::new(\"sleep\").arg(\"77.31\").status().unwrap(); todo!() }";

/// How long a test waits.
const DEADLINE: Duration = Duration::from_secs(60);

#[test_cache::test]
fn an_interrupt_kills_the_answer() {
    let mut check = start_endless_check();
    let killed = Command::new("kill")
        .arg("-INT")
        .arg(check.id().to_string())
        .status();
    assert!(killed.is_ok_and(|status| status.success()));
    let status = check.wait().expect("it ends");
    assert_eq!(status.code(), Some(130));
    wait_until("nothing is left", || {
        processes("sleep\u{0}77.31").is_empty()
    });
}

#[test_cache::test]
fn killing_the_tool_kills_the_answer() {
    let mut check = start_endless_check();
    check.kill().expect("it runs");
    check.wait().expect("it ends");
    wait_until("nothing is left", || {
        processes("sleep\u{0}77.31").is_empty()
    });
}

/// Starts the tool on an answer that does not end.
fn start_endless_check() -> Child {
    let clone = Clone::new();
    clone.answer("fetch_all", ENDLESS);
    let mut check = clone
        .workbook(&["check", "fetch_all"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool is there");
    let mut waited = || {
        if check.try_wait().is_ok_and(|ended| ended.is_some()) {
            let mut text = String::new();
            let stderr = check.stderr.as_mut().expect("it is a pipe");
            let _ = stderr.read_to_string(&mut text);
            panic!("the tool ended too early:\n{text}");
        }
        !processes("sleep\u{0}77.31").is_empty()
    };
    wait_until("the answer runs", &mut waited);
    check
}

#[expect(
    clippy::disallowed_methods,
    reason = "another process does not run on tokio's clock"
)]
fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let began = Instant::now();
    while !happened() {
        assert!(began.elapsed() < DEADLINE, "{what}: not after {DEADLINE:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The running processes whose command line starts with this.
fn processes(command: &str) -> Vec<String> {
    let lines = fs::read_dir(Path::new("/proc"))
        .into_iter()
        .flatten()
        .flatten();
    lines
        .filter_map(|process| fs::read(process.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).into_owned())
        .filter(|line| line.starts_with(command))
        .collect()
}
