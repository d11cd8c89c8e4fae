//! Learners who join, solve exercises and ask for help, and what their teacher sees.

use autograder::verdict::State;
use serde_json::json;

use crate::room::{MISTAKE, Room, files, folder, state, status};

const EXERCISE: &str = "gather/fetch_all";

/// The part of the page between two texts.
fn between<'p>(page: &'p str, from: &str, to: &str) -> &'p str {
    let (_, rest) = page
        .split_once(from)
        .unwrap_or_else(|| panic!("{from} is missing in {page}"));
    rest.split_once(to).map_or(rest, |(part, _)| part)
}

fn section<'p>(page: &'p str, id: &str) -> &'p str {
    between(page, &format!("<section id=\"{id}\""), "</section>")
}

#[test]
fn two_learners_join_solve_and_ask() {
    let folder = folder();
    let room = Room::open(folder.path());
    assert!(room.shown().contains(&format!(
        "class join 127.0.0.1:{} {}",
        room.port,
        room.code()
    )));
    let ada = room.join("Ada Lovelace", "s1");
    let bob = room.join("Bob", "");
    let page = room.shown();
    let learners = section(&page, "learners");
    assert!(learners.contains("Ada Lovelace") && learners.contains("Bob"));
    assert_eq!(
        learners.matches("not in the list of students").count(),
        1,
        "{learners}"
    );

    room.report(&ada, &state(1, &[(EXERCISE, State::Failing, &[MISTAKE])]))
        .expect("she is in");
    room.report(&bob, &state(1, &[(EXERCISE, State::Hangs, &[])]))
        .expect("he is in");
    let page = room.shown();
    assert!(section(&page, "misconceptions").contains(MISTAKE));
    assert!(section(&page, "places").contains("<td class=\"number\">2</td>"));
    assert!(section(&page, "stuck").contains("hangs"));
    assert!(section(&page, "help").contains("No learner asks"));

    room.ask(&bob, EXERCISE, "loop {}").expect("he may ask");
    let page = room.shown();
    let help = section(&page, "help");
    assert!(
        help.contains("Bob") && help.contains("loop {}") && help.contains("Why?"),
        "{help}"
    );
    assert!(!help.contains("Ada"));

    room.report(&ada, &state(2, &[(EXERCISE, State::Solved, &[])]))
        .expect("she is in");
    room.report(&bob, &state(2, &[(EXERCISE, State::Solved, &[])]))
        .expect("he is in");
    let page = room.shown();
    assert!(
        section(&page, "help").contains("No learner asks"),
        "what is solved needs no help"
    );
    assert!(!page.contains(MISTAKE));
    assert!(
        section(&page, "exercises").contains("<td>2</td>"),
        "two have solved it"
    );
}

#[test]
fn a_restart_loses_nothing() {
    let folder = folder();
    let room = Room::open(folder.path());
    let code = room.code().to_owned();
    let ada = room.join("Ada Lovelace", "s1");
    room.report(&ada, &state(3, &[(EXERCISE, State::Failing, &[MISTAKE])]))
        .expect("she is in");
    room.ask(&ada, EXERCISE, "fn fetch_all() {}")
        .expect("she may ask");
    let before = files(folder.path());
    drop(room);

    let room = Room::open(folder.path());
    assert_eq!(room.code(), code);
    assert_eq!(files(folder.path()), before);
    let page = room.shown();
    assert!(page.contains(MISTAKE) && page.contains("fn fetch_all() {}"));
    assert!(section(&page, "learners").contains("not since the room was opened"));
    // The workbook repeats its state, and the teacher knows that she is there.
    let received = room
        .report(&ada, &state(3, &[]))
        .expect("the token is still valid");
    assert_eq!(received.version, 3);
    let page = room.shown();
    assert!(section(&page, "learners").contains("less than a minute ago"));
    assert!(page.contains(MISTAKE), "an old state changes nothing");
    let next = room.join("Bob", "");
    assert_ne!(next, ada);
    assert_eq!(files(folder.path()).len(), 3);
}

#[test]
fn a_room_is_open_once_at_a_time() {
    let folder = folder();
    let _room = Room::open(folder.path());
    let known = classroom::room::known::Known::default();
    let error = classroom::room::registry::Registry::open(folder.path(), known);
    let error = error.expect_err("it is in use").to_string();
    assert!(error.contains("open already"), "{error}");
}

#[cfg(unix)]
#[test]
fn other_users_cannot_read_a_room() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let output = folder.path().join("class-room");
    let _room = Room::open(&output);
    let mode = output.metadata().expect("it exists").permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

#[test]
fn the_teacher_deals_with_requests_and_removes_learners() {
    let folder = folder();
    let room = Room::open(folder.path());
    let ada = room.join("Ada", "");
    room.ask(&ada, EXERCISE, "first").expect("she may ask");
    room.ask(&ada, EXERCISE, "second")
        .expect("she may ask again");
    let page = room.shown();
    assert!(!page.contains("first") && page.contains("second"));
    room.press("helped", &json!({ "learner": 1, "exercise": EXERCISE }));
    assert!(!room.shown().contains("second"));

    room.press("open", &json!({ "open": false }));
    assert_eq!(status(room.try_join(room.code(), "Bob", "")), 403);
    room.press("open", &json!({ "open": true }));
    room.join("Bob", "");

    room.press("remove", &json!({ "learner": 1 }));
    assert!(!section(&room.shown(), "learners").contains("Ada"));
    assert_eq!(status(room.report(&ada, &state(9, &[]))), 401);
    // The name is free again, and the number is not.
    let again = room.join("Ada", "");
    assert_ne!(again, ada);
    let files = files(folder.path());
    assert!(
        files.contains_key("3.json") && !files.contains_key("1.json"),
        "{files:?}"
    );
}

#[test]
fn a_learner_who_leaves_is_forgotten() {
    let folder = folder();
    let room = Room::open(folder.path());
    let ada = room.join("Ada", "");
    let left = room.send::<serde_json::Value>(
        Some(&ada),
        (axum::http::Method::POST, classroom::submission::room::LEAVE),
        &(),
    );
    left.expect("she may leave");
    assert_eq!(files(folder.path()).len(), 1, "only the room is left");
    assert_eq!(status(room.report(&ada, &state(1, &[]))), 401);
}
