//! The start: probes answer from the beginning, and a signal ends it.

use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::time::Duration;

use tempfile::tempdir;
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep};

use crate::support::{Service, client, post, words};

/// The journal as another process has it, so that the service waits.
fn locked(folder: &Path) -> File {
    let file = File::create(folder.join("journal.jsonl")).expect("is created");
    file.lock().expect("is free");
    file
}

const WAITS: &str = "waits for the process that has the journal";

#[tokio::test]
async fn it_is_alive_and_not_ready_until_it_has_started() {
    let folder = tempdir().expect("a folder");
    let lock = locked(folder.path());
    let mut service = Service::spawn(folder.path(), &[]);
    service.logged(WAITS).await;
    assert_eq!(service.health().await, [200, 503, 503]);
    drop(lock);
    service.logged("ready").await;
    assert_eq!(service.health().await, [200, 200, 200]);
    service.stop().await.assert_code(0);
}

async fn a_signal_ends_the_start(signal: &str) {
    let folder = tempdir().expect("a folder");
    let _lock = locked(folder.path());
    // Neither wait matters: nothing was served.
    let long = [("SERVICE_UNREADY", "10m"), ("SERVICE_DRAIN", "10m")];
    let mut service = Service::spawn(folder.path(), &long);
    service.logged(WAITS).await;
    let start = Instant::now();
    service.signal(signal);
    let ended = service.ended().await;
    assert!(start.elapsed() < Duration::from_secs(10));
    ended.assert_code(0);
    ended.assert_order(&["asked to stop", "asked to stop during the start", "stopped"]);
    assert!(!ended.has("ready"));
}

#[tokio::test]
async fn a_sigterm_ends_the_start() {
    a_signal_ends_the_start("TERM").await;
}

#[tokio::test]
async fn a_sigint_ends_the_start() {
    a_signal_ends_the_start("INT").await;
}

#[tokio::test]
async fn a_signal_at_any_moment_of_the_start_ends_it() {
    let folder = tempdir().expect("a folder");
    for ms in 0..20 {
        let service = Service::spawn(folder.path(), &[]);
        sleep(Duration::from_millis(ms)).await;
        let status = service.stop().await.status;
        // Before the handlers are installed, there is nothing to stop, and the signal ends the process.
        let is_clean = status.code() == Some(0) || status.signal() == Some(15);
        assert!(is_clean, "{status} after {ms} ms");
    }
}

#[tokio::test]
async fn it_gives_up_a_start_that_takes_too_long() {
    let folder = tempdir().expect("a folder");
    let _lock = locked(folder.path());
    let service = Service::spawn(folder.path(), &[("SERVICE_START", "300ms")]);
    let ended = service.ended().await;
    ended.assert_code(1);
    let error = ended.event("stopped after a failure")["error"].to_string();
    assert!(error.contains("within 300ms"), "{error}");
}

#[tokio::test]
async fn a_port_in_use_stops_what_was_started() {
    let folder = tempdir().expect("a folder");
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = taken.local_addr().expect("it has one").to_string();
    let service = Service::spawn(folder.path(), &[("SERVICE_LISTEN", &address)]);
    let ended = service.ended().await;
    ended.assert_code(1);
    ended.assert_order(&[
        "has read the journal",
        "has stopped the background tasks",
        "has closed the journal",
        "stopped after a failure",
    ]);
    let error = ended.event("stopped after a failure")["error"].to_string();
    assert!(error.contains(&address), "{error}");
}

#[tokio::test]
async fn jobs_that_wait_are_limited() {
    let folder = tempdir().expect("a folder");
    let settings = [
        ("SERVICE_QUEUE", "3"),
        ("SERVICE_WORK", "10m"),
        ("SERVICE_CLOSE", "100ms"),
    ];
    let mut service = Service::start(folder.path(), &settings).await;
    let (api, client) = (service.api().await, client());
    for _ in 0..3 {
        post(&client, &api, "one").await.expect("accepted");
    }
    let refused = post(&client, &api, "one").await;
    assert_eq!(refused, Err("503 Service Unavailable".to_owned()));
    service.signal("KILL");
    service.ended().await;
    // What was refused is not in the journal.
    let mut service = Service::start(folder.path(), &[]).await;
    let api = service.api().await;
    assert_eq!(words(&client, &api, 3).await, Ok(1));
    let missing = words(&client, &api, 4).await;
    assert_eq!(missing, Err("404 Not Found".to_owned()));
}
