//! Every open page receives the events.

use std::iter::repeat_with;

use serde_json::{Value, json};

use crate::event_stream::Events;
use crate::server::Server;

const RIGHT: &str = "number * 2 // right";

fn is(state: &'static str) -> impl Fn(&Value) -> bool {
    move |card| card["state"] == state
}

#[test_cache::test]
fn sends_the_latest_events_first() {
    let server = Server::start();
    server.settles();
    let mut events = server.events();
    let mut known: Vec<String> = repeat_with(|| events.next())
        .take(10)
        .map(|event| match event.kind.as_str() {
            "exercise" => format!("exercise {}", event.data["name"].as_str().unwrap()),
            "step" | "answer" => {
                format!("{} {}", event.kind, event.data["chapter"].as_str().unwrap())
            }
            kind => kind.to_owned(),
        })
        .collect();
    known.sort();
    assert_eq!(
        known,
        [
            "answer demo",
            "answer other-one",
            "class",
            "exercise demo/double",
            "exercise demo/triple",
            "exercise other-one/half",
            "notice",
            "progress",
            "step demo",
            "step other-one",
        ]
    );
}

#[test_cache::test]
fn a_card_has_everything_that_the_page_needs() {
    let server = Server::start();
    server.workbook.answer("number + 1", "todo!()");
    let card = server.events().card("demo/double", is("failing"));
    assert_eq!(card["title"], "Twice a number");
    assert_eq!(card["contract_html"], "<p>A number.</p>\n");
    assert_eq!(card["file"], "exercises/src/demo.rs");
    assert_eq!(card["text"], "failing 2 of 3 tests");
    assert_eq!(card["tests"][0]["outcome"], "passed");
    assert_eq!(card["tests"][1]["name"], "of_many");
    assert_eq!(card["tests"][1]["outcome"], "failed");
    assert_eq!(card["hints_html"], json!([]));
    assert_eq!(card["hint_count"], 2);
}

#[test_cache::test]
fn sends_an_event_to_every_page_after_a_save() {
    let server = Server::start();
    server.settles();
    let mut pages = [server.events(), server.events()];
    server.workbook.answer(RIGHT, "todo!()");
    // What is being done is sent as well, but a page that is slow gets only the latest of it.
    for page in &mut pages {
        page.card("demo/double", is("solved"));
        let progress = page.until("progress", |progress| progress["solved"] == 1);
        assert_eq!(progress["total"], 3);
        assert_eq!(progress["current"], "demo/triple");
    }
}

#[test_cache::test]
fn with_everything_solved_there_is_nothing_to_continue_with() {
    let server = Server::start();
    server.settles();
    let mut events = server.events();
    server.workbook.answer(RIGHT, RIGHT);
    server.workbook.write(
        "exercises/src/other_one.rs",
        "pub fn half(n: u32) -> u32 {\n n / 2 // right\n}\n",
    );
    let progress = events.until("progress", |progress| progress["solved"] == 3);
    assert_eq!(progress["current"], Value::Null);
}

#[test_cache::test]
fn a_check_grades_an_unchanged_answer() {
    let server = Server::start();
    server.settles();
    let mut events = server.events();
    server
        .post("check", &json!({ "exercise": "demo/triple" }))
        .is(200);
    let step = events.until("step", |step| step["exercise"] == "triple");
    assert_eq!(step["chapter"], "demo");
    events.until("step", |step| step["text"].is_null());
}

#[test_cache::test]
fn shows_hints_one_by_one() {
    let server = Server::start();
    let mut events = server.events();
    let has = |card: &Value, count| card["hints_html"].as_array().map(Vec::len) == Some(count);
    for count in [1, 2] {
        let which = json!({ "exercise": "demo/double" });
        server.post("hint", &which).is(200);
        // The event is sent at once, and not only at the next poll.
        let card = server.events().card("demo/double", |_| true);
        assert!(has(&card, count), "{card}");
        events.card("demo/double", |card| has(card, count));
    }
    let card = server.events().card("demo/double", |_| true);
    assert_eq!(card["hints_html"][1], "<p><code>number * 2</code></p>\n");
}

#[test_cache::test]
fn a_reset_can_be_undone() {
    let server = Server::start();
    server.workbook.answer("number + 1", "todo!()");
    let answer = server.workbook.read("exercises/src/demo.rs");
    let mut events = server.events();
    events.card("demo/double", is("failing"));
    let request = |undo: bool| json!({ "exercise": "demo/double", "undo": undo });
    let response = server.post("reset", &request(false)).is(200);
    let message = response["message"].as_str().unwrap();
    assert!(message.contains("The stub is back"), "{message}");
    assert!(
        !server
            .workbook
            .read("exercises/src/demo.rs")
            .contains("+ 1")
    );
    events.card("demo/double", |card| {
        card["state"] == "not-started" && card["can_undo"] == true
    });
    server.post("reset", &request(true)).is(200);
    assert_eq!(server.workbook.read("exercises/src/demo.rs"), answer);
    events.card("demo/double", is("failing"));
    // There is nothing else to restore.
    assert!(
        server
            .post("reset", &request(true))
            .error()
            .contains("to restore")
    );
}

#[test_cache::test]
fn shows_the_solution_of_a_solved_exercise_or_with_show_me() {
    let server = Server::start();
    server.settles();
    let show = |show_me: bool| json!({ "exercise": "demo/double", "show_me": show_me });
    let refused = server.post("solution", &show(false));
    assert_eq!(
        (refused.status, &*refused.error()),
        (403, "demo/double is not solved yet.")
    );
    let mut events = server.events();
    let shown = server.post("solution", &show(true)).is(200);
    assert!(shown["solution"].as_str().unwrap().contains(RIGHT));
    events.card("demo/double", |card| card["solution_shown"] == true);
    server.workbook.answer("2 * number // right", "todo!()");
    events.card("demo/double", is("solved"));
    let shown = server.post("solution", &show(false)).is(200);
    assert!(shown["answer"].as_str().unwrap().contains("2 * number"));
}

#[test_cache::test]
fn reports_an_unknown_exercise() {
    let server = Server::start();
    for (path, body) in [
        ("check", json!({ "exercise": "demo/quadruple" })),
        ("hint", json!({ "exercise": "demo" })),
        ("reset", json!({ "exercise": "", "undo": false })),
        ("solution", json!({ "exercise": "../x", "show_me": true })),
    ] {
        let answer = server.post(path, &body);
        assert_eq!(answer.status, 404, "{path} {body}");
        answer.error();
    }
}

#[test_cache::test]
fn reports_an_error_of_the_grader() {
    let server = Server::start();
    let mut events = server.events();
    server.workbook.answer("no compiler", "todo!()");
    let contains = |phrase: &'static str| {
        move |notice: &Value| {
            notice["text"]
                .as_str()
                .is_some_and(|text| text.contains(phrase))
        }
    };
    events.until("notice", contains("rustup.rs"));
    server.workbook.answer(RIGHT, "todo!()");
    events.until("notice", |notice| notice["text"].is_null());
}

#[test_cache::test]
fn a_hundred_pages_receive_events_and_leave_no_connection_open() {
    let server = Server::start();
    server.settles();
    let (files, threads) = (server.count("fd"), server.count("task"));
    let request = server.request("GET", "events");
    let mut pages: Vec<Events> = repeat_with(|| Events::of(&server, &request))
        .take(100)
        .collect();
    server.workbook.answer(RIGHT, "todo!()");
    for page in &mut pages {
        page.card("demo/double", is("solved"));
    }
    assert!(server.count("fd") > 100);
    assert!(server.count("task") < threads + 20);
    drop(pages);
    server.closes(files);
}
