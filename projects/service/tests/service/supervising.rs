//! Background tasks that fail: started again, and given up.

use std::fs;
use std::time::Duration;

use serde_json::Value;
use tempfile::tempdir;
use tokio::time::sleep;

use crate::support::{Service, client, post, words};

#[tokio::test]
async fn a_task_that_fails_is_started_again() {
    let folder = tempdir().expect("a folder");
    let obstacle = folder.path().join("summary.new");
    fs::create_dir(&obstacle).expect("is created");
    let mut service = Service::start(folder.path(), &[]).await;
    let failed = service.logged("a task has failed").await;
    assert_eq!(failed["task"], "summary");
    fs::remove_dir(&obstacle).expect("is empty");
    service.logged("summary").await;
    assert_eq!(service.health().await, [200, 200, 200]);
    let ended = service.stop().await;
    ended.assert_code(0);
    let summary = fs::read(folder.path().join("summary.json")).expect("is written");
    let summary: Value = serde_json::from_slice(&summary).expect("is JSON");
    assert_eq!(summary, serde_json::json!({ "queued": 0, "done": 0 }));
}

#[tokio::test]
async fn a_task_that_fails_too_often_stops_the_service() {
    let folder = tempdir().expect("a folder");
    fs::create_dir(folder.path().join("summary.new")).expect("is created");
    let settings = [("SERVICE_UNREADY", "700ms")];
    let mut service = Service::start(folder.path(), &settings).await;
    let (api, client) = (service.api().await, client());
    let id = post(&client, &api, "one two").await.expect("accepted");
    service.logged("not ready").await;
    // It still serves, as after a signal.
    assert_eq!(service.health().await, [200, 503, 200]);
    assert_eq!(words(&client, &api, id).await, Ok(2));
    let ended = service.ended().await;
    ended.assert_code(1);
    ended.assert_order(&[
        "gives up a task",
        "not ready",
        "has drained",
        "has stopped the background tasks",
        "has closed the journal",
        "stopped after a failure",
    ]);
    let pauses = ended
        .log
        .iter()
        .filter_map(|event| event["pause_ms"].as_u64());
    assert_eq!(pauses.collect::<Vec<_>>(), [100, 200, 400, 800]);
}

#[tokio::test]
async fn the_summary_is_written_in_each_period() {
    let folder = tempdir().expect("a folder");
    let settings = [("SERVICE_SUMMARY", "100ms")];
    let mut service = Service::start(folder.path(), &settings).await;
    let (api, client) = (service.api().await, client());
    let id = post(&client, &api, "one two").await.expect("accepted");
    words(&client, &api, id).await.expect("is done");
    let path = folder.path().join("summary.json");
    let expected = serde_json::json!({ "queued": 0, "done": 1 });
    let written = async {
        while serde_json::from_slice::<Value>(&fs::read(&path).unwrap_or_default()).ok()
            != Some(expected.clone())
        {
            sleep(Duration::from_millis(20)).await;
        }
    };
    crate::support::within(written).await;
    service.stop().await.assert_code(0);
}
