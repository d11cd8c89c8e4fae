//! The configuration and the log.

use std::fs;

use tempfile::tempdir;

use crate::support::{Service, client, post};

#[tokio::test]
async fn all_mistakes_are_reported_at_once() {
    let folder = tempdir().expect("a folder");
    let file = folder.path().join("service.conf");
    fs::write(&file, "# A comment\nSERVICE_QUEUE = 0\n\nnonsense\n").expect("is written");
    let file = file.to_str().expect("it is text");
    let settings = [
        ("SERVICE_CONFIG", file),
        ("SERVICE_LISTEN", "localhost"),
        ("SERVICE_DATA", "/does/not/exist"),
        ("SERVICE_TOKEN", "hunter2"),
        ("SERVICE_WORKERS", "many"),
        ("SERVICE_DRAIN", "1h"),
        ("SERVICE_START", "9999999999999999999m"),
        ("SERVICE_WROKERS", "4"),
        ("HOME", "/"),
    ];
    let ended = Service::spawn(folder.path(), &settings).ended().await;
    ended.assert_code(2);
    let expected = format!(
        "The configuration has 9 mistakes:
  {file}:4: is not `NAME = value`
  SERVICE_LISTEN: `localhost` is not an address with a port, such as 127.0.0.1:8080
  SERVICE_DATA: `/does/not/exist` is not a folder
  SERVICE_TOKEN: has 7 characters, and needs at least 16
  SERVICE_WORKERS: `many` is not a number from 1 to 1000
  SERVICE_QUEUE: `0` is not a number from 1 to 1000000 ({file}:2)
  SERVICE_START: `9999999999999999999m` is not a time from 0ms to 60m
  SERVICE_DRAIN: `1h` is not a time such as 500ms, 15s or 2m
  SERVICE_WROKERS: there is no such setting
"
    );
    assert_eq!(ended.stderr, expected);
    assert!(ended.log.is_empty());
}

#[tokio::test]
async fn times_that_do_not_fit_together_are_a_mistake() {
    let folder = tempdir().expect("a folder");
    let settings = [
        ("SERVICE_UNREADY", "5s"),
        ("SERVICE_DRAIN", "30s"),
        ("SERVICE_GRACE", "30s"),
    ];
    let ended = Service::spawn(folder.path(), &settings).ended().await;
    ended.assert_code(2);
    assert!(ended.stderr.contains("are 45s"), "{}", ended.stderr);
}

#[tokio::test]
async fn a_file_that_is_not_there_is_a_mistake() {
    let folder = tempdir().expect("a folder");
    let settings = [("SERVICE_CONFIG", "/does/not/exist")];
    let ended = Service::spawn(folder.path(), &settings).ended().await;
    ended.assert_code(2);
    assert!(ended.stderr.contains("/does/not/exist"), "{}", ended.stderr);
}

#[tokio::test]
async fn variables_take_precedence_over_the_file_and_secrets_are_not_printed() {
    let folder = tempdir().expect("a folder");
    let secret = "correct horse battery staple";
    let file = folder.path().join("service.conf");
    let text = format!("SERVICE_TOKEN = {secret}\nSERVICE_WORKERS = none\n");
    fs::write(&file, text).expect("is written");
    let settings = [
        ("SERVICE_CONFIG", file.to_str().expect("it is text")),
        ("SERVICE_WORKERS", "2"),
        ("SERVICE_LOG", "trace"),
    ];
    let mut service = Service::start(folder.path(), &settings).await;
    let (api, client) = (service.api().await, client());
    let refused = post(&client, &api, "one").await;
    assert_eq!(refused, Err("401 Unauthorized".to_owned()));
    for (token, status) in [
        (secret, 404),
        ("correct horse battery stable", 401),
        ("correct horse battery", 401),
        ("correct horse battery staple!", 401),
        ("", 401),
    ] {
        let request = client.get(format!("{api}/jobs/1")).bearer_auth(token);
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), status, "{token:?}");
    }
    let ended = service.stop().await;
    ended.assert_code(0);
    let log = format!("{:?}", ended.log);
    assert!(!log.contains(secret), "{log}");
}

#[tokio::test]
async fn each_line_of_the_log_is_json_with_the_request_of_the_event() {
    let folder = tempdir().expect("a folder");
    let mut service = Service::start(folder.path(), &[]).await;
    let (api, client) = (service.api().await, client());
    let url = format!("{api}/jobs/7?token=secret");
    client.get(url).send().await.expect("an answer");
    post(&client, &api, "one").await.expect("accepted");
    let ended = service.stop().await;
    for event in &ended.log {
        let has = |field: &str| event[field].is_string();
        assert!(
            has("timestamp") && has("level") && has("message"),
            "{event}"
        );
    }
    let response = ended.event("response");
    assert_eq!(response["status"], 404);
    assert_eq!(response["span"]["request"], "GET /jobs/7");
    let stored = ended.event("job stored");
    assert_eq!(stored["span"]["request"], "POST /jobs");
}
