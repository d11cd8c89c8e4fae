//! Crashes: what was acknowledged is there after `kill -9`, and after a disk was full.

use std::fs;

use serde_json::Value;
use tempfile::tempdir;
use tokio::process::Command;

use crate::load::{Load, Seen, assert_nothing_is_lost};
use crate::support::{Service, client, post, words};

#[tokio::test]
async fn nothing_that_was_accepted_is_lost_after_kill_9() {
    let folder = tempdir().expect("a folder");
    let mut all = Seen::default();
    for _ in 0..3 {
        let mut service = Service::start(folder.path(), &[("SERVICE_WORK", "5ms")]).await;
        let mut load = Load::direct(service.api().await);
        load.accepted(100).await;
        service.signal("KILL");
        assert_eq!(service.ended().await.status.code(), None);
        let seen = load.stop().await;
        for (id, length) in seen.accepted {
            let before = all.accepted.insert(id, length);
            assert_eq!(before, None, "job {id} was accepted twice");
        }
    }
    assert_nothing_is_lost(folder.path(), &all).await;
}

#[tokio::test]
async fn an_incomplete_last_record_is_cut_off() {
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("journal.jsonl");
    let whole = "{\"job\":{\"id\":1,\"text\":\"one two\"}}\n";
    fs::write(&path, format!("{whole}{{\"job\":{{\"id\":2,\"te")).expect("is written");
    let client = client();
    for id in [2, 3] {
        let mut service = Service::start(folder.path(), &[]).await;
        let api = service.api().await;
        assert_eq!(words(&client, &api, 1).await, Ok(2));
        assert_eq!(post(&client, &api, "one").await, Ok(id));
        let ended = service.stop().await;
        ended.assert_code(0);
        assert_eq!(ended.has("cuts off an incomplete record"), id == 2);
    }
}

#[tokio::test]
async fn a_journal_that_no_crash_can_leave_behind_is_not_touched() {
    let folder = tempdir().expect("a folder");
    let path = folder.path().join("journal.jsonl");
    let text =
        "{\"job\":{\"id\":1,\"text\":\"one\"}}\nnot a record\n{\"done\":{\"id\":1,\"words\":1}}\n";
    fs::write(&path, text).expect("is written");
    let ended = Service::spawn(folder.path(), &[]).ended().await;
    ended.assert_code(1);
    let error = ended.event("stopped after a failure")["error"].to_string();
    assert!(error.contains("line 2"), "{error}");
    assert_eq!(fs::read_to_string(&path).expect("is there"), text);
}

#[tokio::test]
async fn nothing_that_was_accepted_is_lost_when_the_disk_is_full() {
    let folder = tempdir().expect("a folder");
    // The system lets no file of this process become larger than 32 blocks.
    let mut shell = Command::new("/bin/sh");
    let limited = "trap '' XFSZ; ulimit -f 32; exec \"$0\"";
    shell.args(["-c", limited, env!("CARGO_BIN_EXE_service")]);
    let mut service = Service::spawn_as(shell, folder.path(), &[]);
    let load = Load::direct(service.api().await);
    let ended = service.ended().await;
    ended.assert_code(1);
    assert!(ended.has("the journal cannot be written"));
    let failure = &ended.event("stopped after a failure")["error"];
    assert_eq!(failure, &Value::from("the journal cannot be written"));
    let seen = load.stop().await;
    assert_nothing_is_lost(folder.path(), &seen).await;
}
