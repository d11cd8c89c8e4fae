//! Runs one test of this binary in a process of its own and compares everything that it prints.

use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A test that hangs must end long before this. The limit of a poll is 1 s here, but the time in which it waits for a
/// processor does not count.
const TIMEOUT: Duration = Duration::from_secs(180);

/// Runs the ignored test `name`, once as learners do and once without capture, both with backtraces
/// enabled. What it prints must be the report in `tests/reports/<name>.txt`, byte for byte.
///
/// `BLESS=1 cargo test -p grading --all-features` updates the reports; read the diff.
pub fn assert_reports(name: &str) {
    let captured = start(name, &[]);
    let uncaptured = finish(name, start(name, &["--nocapture"]));
    let captured = finish(name, captured);

    let report = text(&uncaptured.stderr);
    let file = file(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, &report).expect("the report should be writable");
    }
    let expected = std::fs::read_to_string(&file)
        .unwrap_or_else(|error| panic!("{} should be readable: {error}", file.display()));
    assert_eq!(report, expected, "the report of {name} has changed");
    let narrow = |line: &str| line.chars().count() <= 80 || line.starts_with("Not started: ");
    assert!(report.lines().all(narrow), "too wide:\n{report}");

    if text(&captured.stderr).is_empty() {
        let shown = format!("failures:\n\n---- {name} stdout ----\n{report}\n\nfailures:\n");
        let stdout = text(&captured.stdout);
        assert!(stdout.contains(&shown), "not under its name:\n{stdout}");
    } else {
        assert_eq!(
            text(&captured.stderr),
            report,
            "a report that ends the process is not captured"
        );
    }
}

fn start(name: &str, arguments: &[&str]) -> Child {
    Command::new(std::env::current_exe().expect("a test knows its executable"))
        .args(["--exact", name, "--ignored", "--test-threads=1"])
        .args(arguments)
        .env("RUST_BACKTRACE", "1")
        .env("GRADING_POLL_LIMIT", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the test's own executable should start")
}

/// Everything that the child prints. It is little enough to fit into a pipe.
#[expect(
    clippy::disallowed_methods,
    reason = "another process has no virtual time"
)]
fn finish(name: &str, mut child: Child) -> Output {
    let began = Instant::now();
    while began.elapsed() < TIMEOUT && matches!(child.try_wait(), Ok(None)) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let in_time = began.elapsed() < TIMEOUT;
    let _ = child.kill();
    let output = child
        .wait_with_output()
        .expect("a child ends when it is killed");
    assert!(in_time, "{name} was still running after {TIMEOUT:?}");
    assert_eq!(output.status.code(), Some(101), "{name} should have failed");
    let stdout = text(&output.stdout);
    assert!(
        stdout.contains("running 1 test\n"),
        "there is no test {name}: {stdout}"
    );
    output
}

fn file(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reports");
    folder.join(name.replace("::", "-")).with_extension("txt")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("a report is UTF-8")
}
