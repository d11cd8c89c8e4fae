//! The stop: in order, without a lost request, with a deadline, and at once.

use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;
use service::signals;
use tempfile::tempdir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::Command;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::load::{Load, assert_nothing_is_lost};
use crate::support::{Service, client, post, send, within, words};

/// The messages of a clean stop.
const ORDER: &[&str] = &[
    "asked to stop",
    "not ready",
    "accepts no more connections",
    "has drained",
    "has stopped the background tasks",
    "has closed the journal",
    "stopped",
];

/// Long enough for a load balancer on a busy machine.
const UNREADY: (&str, &str) = ("SERVICE_UNREADY", "2s");

async fn no_request_fails_when_it_gets(signal: &str) {
    let folder = tempdir().expect("a folder");
    let mut service = Service::start(folder.path(), &[UNREADY]).await;
    let mut load = Load::balanced(vec![(service.probes().await, service.api().await)]);
    load.accepted(200).await;
    service.signal(signal);
    let ended = service.ended().await;
    let seen = load.stop().await;
    assert_eq!(seen.failures, [""; 0]);
    ended.assert_code(0);
    ended.assert_order(ORDER);
    assert_nothing_is_lost(folder.path(), &seen).await;
}

#[tokio::test]
async fn no_request_fails_when_it_gets_sigterm() {
    no_request_fails_when_it_gets("TERM").await;
}

#[tokio::test]
async fn no_request_fails_when_it_gets_sigint() {
    no_request_fails_when_it_gets("INT").await;
}

#[tokio::test]
async fn no_request_fails_when_the_next_process_takes_over() {
    let folder = tempdir().expect("a folder");
    let mut old = Service::start(folder.path(), &[UNREADY]).await;
    // The new one waits for the journal, so it needs its address now.
    let api = free_address();
    let listen = ("SERVICE_LISTEN", api.as_str());
    let mut new = Service::spawn(folder.path(), &[UNREADY, listen]);
    let services = vec![
        (old.probes().await, old.api().await),
        (new.probes().await, format!("http://{api}")),
    ];
    let mut load = Load::balanced(services);
    load.accepted(100).await;
    assert_eq!(new.health().await, [200, 503, 503]);
    old.stop().await.assert_code(0);
    new.logged("ready").await;
    load.accepted(100).await;
    let ended = new.stop().await;
    let seen = load.stop().await;
    assert_eq!(seen.failures, [""; 0]);
    ended.assert_code(0);
    assert_nothing_is_lost(folder.path(), &seen).await;
}

fn free_address() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has one").to_string()
}

#[tokio::test]
async fn clients_that_do_not_ask_for_readiness_lose_nothing_that_was_accepted() {
    let folder = tempdir().expect("a folder");
    let mut service = Service::start(folder.path(), &[]).await;
    let mut load = Load::direct(service.api().await);
    load.accepted(200).await;
    service.stop().await.assert_code(0);
    let seen = load.stop().await;
    assert_nothing_is_lost(folder.path(), &seen).await;
}

#[tokio::test]
async fn probes_tell_the_truth_while_requests_are_waited_for() {
    let folder = tempdir().expect("a folder");
    let slow = ("SERVICE_WORK", "1500ms");
    let mut service = Service::start(folder.path(), &[slow]).await;
    let (api, client) = (service.api().await, client());
    assert_eq!(service.health().await, [200, 200, 200]);
    let id = post(&client, &api, "one two").await.expect("accepted");
    let waiting = tokio::spawn({
        let (client, api) = (client.clone(), api.clone());
        async move { words(&client, &api, id).await }
    });
    service.logged("job stored").await;
    sleep(Duration::from_millis(200)).await; // until the request for the result has arrived
    service.signal("TERM");
    service.logged("accepts no more connections").await;
    assert_eq!(service.health().await, [200, 503, 200]);
    let late = self::client().get(&api).send().await;
    assert!(late.expect_err("the port is closed").is_connect());
    assert_eq!(within(waiting).await.expect("no panic"), Ok(2));
    let ended = service.ended().await;
    ended.assert_code(0);
    ended.assert_order(ORDER);
}

#[tokio::test]
async fn clients_are_told_to_close_their_connections() {
    let folder = tempdir().expect("a folder");
    let mut service = Service::start(folder.path(), &[UNREADY]).await;
    let (api, client) = (service.api().await, client());
    let url = format!("{api}/jobs/1");
    let before = client.get(&url).send().await.expect("an answer");
    assert_eq!(before.headers().get("connection"), None);
    service.signal("TERM");
    service.logged("not ready").await;
    let after = client.get(&url).send().await.expect("an answer");
    assert_eq!(after.headers()["connection"], "close");
    service.ended().await.assert_code(0);
}

#[tokio::test]
async fn a_job_that_runs_is_finished_first() {
    let folder = tempdir().expect("a folder");
    let slow = ("SERVICE_WORK", "700ms");
    let one = ("SERVICE_WORKERS", "1");
    let mut service = Service::start(folder.path(), &[slow, one]).await;
    let (api, client) = (service.api().await, client());
    for text in ["one", "one two"] {
        post(&client, &api, text).await.expect("accepted");
    }
    let ended = service.stop().await;
    ended.assert_code(0);
    ended.assert_order(&["has drained", "job done", "has closed the journal"]);
    let mut service = Service::start(folder.path(), &[]).await;
    let api = service.api().await;
    assert_eq!(words(&client, &api, 2).await, Ok(2));
    service.stop().await.assert_code(0);
}

#[tokio::test]
async fn a_request_is_abandoned_at_the_deadline_and_its_job_is_kept() {
    let folder = tempdir().expect("a folder");
    let settings = [
        ("SERVICE_WORK", "10m"),
        ("SERVICE_DRAIN", "700ms"),
        ("SERVICE_CLOSE", "300ms"),
    ];
    let mut service = Service::start(folder.path(), &settings).await;
    let (api, client) = (service.api().await, client());
    let id = post(&client, &api, "one two").await.expect("accepted");
    let waiting = tokio::spawn({
        let client = client.clone();
        async move { words(&client, &api, id).await }
    });
    sleep(Duration::from_millis(200)).await; // until the request for the result has arrived
    let start = Instant::now();
    let ended = service.stop().await;
    assert!(start.elapsed() >= Duration::from_millis(1_000));
    assert!(start.elapsed() < Duration::from_secs(15));
    ended.assert_code(1);
    let abandoned = ended.event("abandons a request");
    assert_eq!(abandoned["request"], "GET /jobs/1/result");
    let failure = &ended.event("stopped after a failure")["error"];
    assert_eq!(failure, "requests that were abandoned at the deadline: 1");
    let other = &ended.event("another failure")["error"];
    assert_eq!(other, "a background task did not stop in time");
    let answer = within(waiting).await.expect("no panic");
    assert_eq!(answer, Err("503 Service Unavailable".to_owned()));

    let mut service = Service::start(folder.path(), &[]).await;
    let api = service.api().await;
    assert_eq!(words(&client, &api, id).await, Ok(2));
    service.stop().await.assert_code(0);
}

async fn the_second_signal_ends_it(second: &str, code: i32) {
    let folder = tempdir().expect("a folder");
    let settings = [("SERVICE_WORK", "10m"), ("SERVICE_DRAIN", "20m")];
    let mut service = Service::start(folder.path(), &settings).await;
    let (api, client) = (service.api().await, client());
    let id = post(&client, &api, "one two").await.expect("accepted");
    let waiting = tokio::spawn({
        let (client, api) = (client.clone(), api.clone());
        async move { words(&client, &api, id).await }
    });
    sleep(Duration::from_millis(200)).await; // until the request for the result has arrived
    service.signal("TERM");
    service.logged("accepts no more connections").await;
    sleep(Duration::from_millis(700)).await; // it waits
    let start = Instant::now();
    service.signal(second);
    let ended = service.ended().await;
    assert!(start.elapsed() < Duration::from_secs(10));
    ended.assert_code(code);
    assert!(!ended.has("has drained"));
    within(waiting)
        .await
        .expect("no panic")
        .expect_err("lost its connection");
    let mut service = Service::start(folder.path(), &[]).await;
    let api = service.api().await;
    assert_eq!(words(&client, &api, id).await, Ok(2));
    service.stop().await.assert_code(0);
}

#[tokio::test]
async fn a_second_sigterm_ends_it_at_once() {
    the_second_signal_ends_it("TERM", 143).await;
}

#[tokio::test]
async fn a_sigint_after_a_sigterm_ends_it_at_once() {
    the_second_signal_ends_it("INT", 130).await;
}

/// The process of the next test: it listens to signals, and its runtime is blocked.
#[test]
#[ignore = "does not end by itself"]
fn blocked() {
    let stop = CancellationToken::new();
    signals::listen(stop).expect("handlers are installed");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        println!("\nblocked");
        loop {
            std::thread::park();
        }
    });
}

#[tokio::test]
async fn the_second_signal_ends_a_process_whose_runtime_is_blocked() {
    let mut child = Command::new(std::env::current_exe().expect("this program has a path"))
        .args(["stopping::blocked", "--exact", "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("this program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("stdout is a pipe")).lines();
    while within(lines.next_line())
        .await
        .expect("is text")
        .expect("goes on")
        != "blocked"
    {}
    let pid = child.id().expect("the process runs");
    send("INT", pid);
    sleep(Duration::from_millis(300)).await; // two signals at once may become one
    assert_eq!(child.try_wait().expect("it is a child"), None);
    send("INT", pid);
    let status = within(child.wait()).await.expect("it is a child");
    assert_eq!(status.code(), Some(130));
}

#[tokio::test]
async fn a_connection_with_half_a_request_does_not_hold_it_up() {
    let folder = tempdir().expect("a folder");
    let mut service = Service::start(folder.path(), &[("SERVICE_DRAIN", "20m")]).await;
    let api = service.api().await;
    let address = api.trim_start_matches("http://");
    let mut half = TcpStream::connect(address).await.expect("connects");
    half.write_all(b"POST /jobs HTTP/1.1\r\nhost: ")
        .await
        .expect("is sent");
    let _silent = TcpStream::connect(address).await.expect("connects");
    sleep(Duration::from_millis(200)).await; // until it is read
    let ended = service.stop().await;
    ended.assert_code(0);
    assert_eq!(ended.event("has drained")["abandoned"], Value::from(0));
}

#[tokio::test]
async fn a_request_whose_client_has_hung_up_is_not_waited_for() {
    let folder = tempdir().expect("a folder");
    let settings = [
        ("SERVICE_WORK", "10m"),
        ("SERVICE_DRAIN", "20m"),
        ("SERVICE_CLOSE", "100ms"),
    ];
    let mut service = Service::start(folder.path(), &settings).await;
    let (api, client) = (service.api().await, client());
    let id = post(&client, &api, "one two").await.expect("accepted");
    let waiting = tokio::spawn(async move { words(&client, &api, id).await });
    sleep(Duration::from_millis(200)).await; // until the request for the result has arrived
    waiting.abort();
    let ended = service.stop().await;
    assert_eq!(ended.event("has drained")["abandoned"], Value::from(0));
}
