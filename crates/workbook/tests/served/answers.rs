//! The page reads and saves the learner's files.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::{Value, json};

use crate::client::{Answer, Connection};
use crate::server::Server;
use crate::workbook::Workbook;

const FILE: &str = "exercises/src/demo.rs";

fn read(server: &Server) -> Answer {
    server.ask(&server.request("GET", "answer/demo"))
}

fn save(server: &Server, text: &str, version: &Value) -> Answer {
    let body = json!({ "text": text, "version": version });
    server.ask(&server.request("PUT", "answer/demo").json(&body))
}

#[test_cache::test]
fn reads_saves_and_grades_an_answer() {
    let server = Server::start();
    let answer = read(&server).is(200);
    assert_eq!(answer["file"], FILE);
    assert_eq!(answer["text"], server.workbook.read(FILE));
    let mut events = server.events();
    let text = server
        .workbook
        .read(FILE)
        .replacen("todo!()", "number * 2 // right", 1);
    let saved = save(&server, &text, &answer["version"]).is(200);
    assert_eq!(server.workbook.read(FILE), text);
    events.until("answer", |answer| answer["version"] == saved["version"]);
    events.card("demo/double", |card| card["state"] == "solved");
    assert_eq!(read(&server).is(200)["version"], saved["version"]);
    // Saving the present content succeeds with any version.
    let again = save(&server, &text, &json!("outdated")).is(200);
    assert_eq!(again, saved);
}

#[test_cache::test]
fn does_not_overwrite_a_change_on_the_disk() {
    let server = Server::start();
    let before = read(&server).is(200);
    server.workbook.answer("by an editor", "todo!()");
    let on_disk = server.workbook.read(FILE);
    let conflict = save(&server, "by the page", &before["version"]);
    assert_eq!(conflict.status, 409);
    assert!(conflict.error().contains("Nothing was written."));
    let conflict = conflict.json();
    assert_eq!(conflict["text"], on_disk);
    assert_eq!(server.workbook.read(FILE), on_disk);
    // A page that knows the present version may overwrite it.
    save(&server, "by the page", &conflict["version"]).is(200);
    assert_eq!(server.workbook.read(FILE), "by the page");
}

#[test_cache::test]
fn refuses_one_of_two_concurrent_saves() {
    let server = Server::start();
    let version = read(&server).is(200)["version"].clone();
    let saves = ["one", "other"].map(|text| {
        let body = json!({ "text": text, "version": version });
        server.request("PUT", "answer/demo").json(&body).bytes()
    });
    let mut connections = saves.map(|save| {
        let mut connection = Connection::open(server.port);
        connection.send(&save);
        connection
    });
    let mut statuses = connections.each_mut().map(|connection| {
        let answer = connection.answer().expect("it is answered");
        answer.status
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[test_cache::test]
fn a_missing_file_is_empty_and_can_be_saved() {
    let server = Server::start();
    fs::remove_file(server.workbook.path(FILE)).unwrap();
    let answer = read(&server).is(200);
    assert_eq!(answer["text"], "");
    save(&server, "fn double() {}\n", &answer["version"]).is(200);
    assert_eq!(server.workbook.read(FILE), "fn double() {}\n");
}

#[test_cache::test]
fn does_not_overwrite_a_file_that_is_not_utf8() {
    let server = Server::start();
    let version = read(&server).is(200)["version"].clone();
    fs::write(server.workbook.path(FILE), b"caf\xe9").unwrap();
    for answer in [read(&server), save(&server, "café", &version)] {
        assert_eq!(answer.status, 409);
        assert!(
            answer.error().contains("is not UTF-8 text"),
            "{}",
            answer.text()
        );
    }
    assert_eq!(fs::read(server.workbook.path(FILE)).unwrap(), b"caf\xe9");
}

#[test_cache::test]
fn does_not_overwrite_a_folder() {
    let server = Server::start();
    let version = read(&server).is(200)["version"].clone();
    fs::remove_file(server.workbook.path(FILE)).unwrap();
    fs::create_dir(server.workbook.path(FILE)).unwrap();
    for answer in [read(&server), save(&server, "text", &version)] {
        assert_eq!(answer.status, 409);
        assert!(answer.error().contains(FILE), "{}", answer.text());
    }
    assert!(server.workbook.path(FILE).is_dir());
}

#[test_cache::test]
fn starts_with_a_pipe_or_a_device_as_an_answer() {
    for (what, put) in [
        ("a pipe", "mkfifo exercises/src/demo.rs"),
        ("a device", "ln -s /dev/zero exercises/src/demo.rs"),
    ] {
        let workbook = Workbook::new();
        fs::remove_file(workbook.path(FILE)).unwrap();
        let put = Command::new("sh")
            .args(["-c", put])
            .current_dir(workbook.path(""))
            .status();
        assert!(put.is_ok_and(|status| status.success()), "{what}");
        let server = Server::of(workbook);
        // The other chapter is graded all the same.
        let mut events = server.events();
        events.card("other-one/half", |card| !card["state"].is_null());
        for answer in [read(&server), save(&server, "text", &json!(""))] {
            assert_eq!(answer.status, 409, "{what}");
            assert!(
                answer.error().contains("not a regular file"),
                "{}",
                answer.text()
            );
        }
        server
            .post("hint", &json!({ "exercise": "demo/double" }))
            .is(200);
    }
}

#[test_cache::test]
fn a_save_follows_a_symbolic_link() {
    let server = Server::start();
    let elsewhere = server.workbook.path("synchronised.rs");
    let text = server.workbook.read(FILE);
    server.workbook.write("synchronised.rs", &text);
    fs::remove_file(server.workbook.path(FILE)).unwrap();
    std::os::unix::fs::symlink(&elsewhere, server.workbook.path(FILE)).unwrap();
    let version = read(&server).is(200)["version"].clone();
    save(&server, "by the page", &version).is(200);
    assert_eq!(fs::read_to_string(elsewhere).unwrap(), "by the page");
    assert!(server.workbook.path(FILE).is_symlink());
}

#[test_cache::test]
fn reports_a_read_only_folder() {
    let server = Server::start();
    let version = read(&server).is(200)["version"].clone();
    let folder = server.workbook.path("exercises/src");
    let before = server.workbook.read(FILE);
    fs::set_permissions(&folder, Permissions::from_mode(0o555)).unwrap();
    if fs::write(folder.join("probe"), "").is_ok() {
        eprintln!("skipped: this user may write to read-only folders");
        return;
    }
    let answer = save(&server, "text", &version);
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    assert_eq!(answer.status, 409);
    assert!(answer.error().contains(FILE), "{}", answer.text());
    assert_eq!(server.workbook.read(FILE), before);
}

#[test_cache::test]
fn serves_no_other_files() {
    let server = Server::start();
    for chapter in [
        "gather",
        "lib",
        "other_one",
        "..%2f..%2fCargo.toml",
        "..%2fsrc%2fdemo",
        "demo.rs",
        "demo%00",
        "%64emo%2f",
        "%ff",
    ] {
        let path = format!("answer/{chapter}");
        let body = json!({ "text": "written", "version": "" });
        for request in [
            server.request("GET", &path),
            server.request("PUT", &path).json(&body),
        ] {
            let answer = server.ask(&request);
            assert!([400, 404].contains(&answer.status), "{chapter}: {answer:?}");
            answer.error();
        }
    }
    let files = fs::read_dir(server.workbook.path("exercises/src")).unwrap();
    assert_eq!(files.count(), 3);
}
