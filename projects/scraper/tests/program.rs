//! Runs the program, as a user would.

use scraper::site::Site;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_scraper"))
}

#[test]
fn the_demo_prints_a_json_line_for_each_url() {
    let output = program().arg("--demo").output().expect("the program runs");
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).expect("text");
    let records: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect();
    assert_eq!(records.len(), 60);
    let outcomes = [
        "page",
        "redirect",
        "not_html",
        "status",
        "failed",
        "disallowed",
    ];
    for outcome in outcomes {
        assert!(
            records.iter().any(|record| record["outcome"] == outcome),
            "{outcome}"
        );
    }
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_keeps_what_was_found() {
    let site = Site::start().await.expect("a site");
    let pages = (0..20).map(|n| site.url(&format!("/slow/{}", 100 + n)).to_string());
    let mut child = program()
        .args(["--max-per-host", "2", "--gap", "0", "--max-depth", "0"])
        .args(pages)
        .env("NO_PROXY", "127.0.0.1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let reading = tokio::task::spawn_blocking(move || {
        let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
        let mut lines = String::new();
        output.read_line(&mut lines).expect("a line");
        let pid = child.id().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status();
        assert!(sent.expect("kill runs").success());
        output.read_to_string(&mut lines).expect("the other lines");
        let output = child.wait_with_output().expect("it ends");
        (lines, output)
    });
    let (lines, output) = reading.await.expect("no panic");
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    let pages = lines
        .lines()
        .filter(|line| line.contains("\"outcome\":\"page\""))
        .count();
    assert!((2..=10).contains(&pages), "{pages}");
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        report.contains(&format!("{} known URLs have no result", 20 - pages)),
        "{report}"
    );
}

#[test]
fn a_url_that_is_not_http_is_refused() {
    let output = program()
        .arg("file:///etc/passwd")
        .output()
        .expect("the program runs");
    assert!(!output.status.success());
    let report = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(report.contains("no http or https URL"), "{report}");
}
