//! What a hostile learner, or another site in the browser of one, may try.
//!
//! The page itself is tried in `tests/browser`. How long slow clients are served is tested with virtual time, in the
//! module `connections` of `workbook`.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use autograder::verdict::State;
use classroom::submission::room::{HELP, JOIN, LEAVE, MAX_ANSWER, STATE};
use serde_json::{Value, json};

use crate::room::{DEADLINE, MISTAKE, Room, files, folder, raw, state, status};

const EXERCISE: &str = "gather/fetch_all";

/// A request as bytes.
fn bytes(method: &str, path: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nHost: room\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn count(all: &[u16], status: u16) -> usize {
    all.iter().filter(|one| **one == status).count()
}

fn join_body(code: &str, name: &str) -> String {
    json!({ "code": code, "student": { "id": "", "name": name } }).to_string()
}

fn state_body(version: u64) -> String {
    let state = state(version, &[(EXERCISE, State::Solved, &[])]);
    serde_json::to_string(&state).expect("plain data")
}

/// Each is a valid request with one modification, which is why it is refused and changes nothing.
#[test]
fn refused_requests_change_nothing() {
    let folder = folder();
    let room = Room::open(folder.path());
    let ada = room.join("Ada Lovelace", "s1");
    room.report(&ada, &state(5, &[(EXERCISE, State::Failing, &[])]))
        .expect("she is in");
    let code = room.code().to_owned();
    let own = format!("Authorization: Bearer {ada}\r\n");
    let forged = format!("Authorization: Bearer {}\r\n", "0".repeat(32));
    let hash = files(folder.path())["1.json"]["token"]
        .as_str()
        .expect("a text")
        .to_owned();
    let stolen = format!("Authorization: Bearer {hash}\r\n");
    let help = |exercise: &str, answer: &str, message: &str| {
        json!({ "exercise": exercise, "answer": answer, "message": message }).to_string()
    };
    let mut more = serde_json::from_str::<Value>(&state_body(6)).expect("JSON");
    more["code"] = json!("fn main() {}");
    let table: Vec<(&str, Vec<u8>, u16)> = vec![
        // Another learner's name.
        (
            "the name of another learner",
            bytes("POST", JOIN, "", &join_body(&code, "Ada Lovelace")),
            409,
        ),
        (
            "the same name in another case",
            bytes("POST", JOIN, "", &join_body(&code, "ada  LOVELACE")),
            409,
        ),
        (
            "the same name in another order",
            bytes("POST", JOIN, "", &join_body(&code, "Lovelace, Ada")),
            409,
        ),
        (
            "a name with an invisible letter",
            bytes("POST", JOIN, "", &join_body(&code, "Ada Love\u{200b}lace")),
            422,
        ),
        (
            "a name that reorders text",
            bytes("POST", JOIN, "", &join_body(&code, "\u{202e}ecalevoL adA")),
            422,
        ),
        (
            "a name with a line break",
            bytes("POST", JOIN, "", &join_body(&code, "Eve\nAda")),
            422,
        ),
        (
            "no name",
            bytes("POST", JOIN, "", &join_body(&code, " ")),
            422,
        ),
        (
            "a long name",
            bytes("POST", JOIN, "", &join_body(&code, &"x".repeat(201))),
            422,
        ),
        // Codes and tokens.
        (
            "a wrong code",
            bytes("POST", JOIN, "", &join_body("AAAA-AAAA", "Eve")),
            403,
        ),
        (
            "no code",
            bytes("POST", JOIN, "", &join_body("", "Eve")),
            403,
        ),
        ("no token", bytes("PUT", STATE, "", &state_body(6)), 401),
        (
            "a forged token",
            bytes("PUT", STATE, &forged, &state_body(6)),
            401,
        ),
        (
            "the hash of a token, from the disk",
            bytes("PUT", STATE, &stolen, &state_body(6)),
            401,
        ),
        (
            "the code as a token",
            bytes(
                "PUT",
                STATE,
                &format!("Authorization: Bearer {code}\r\n"),
                &state_body(6),
            ),
            401,
        ),
        (
            "the token without its scheme",
            bytes(
                "PUT",
                STATE,
                &format!("Authorization: {ada}\r\n"),
                &state_body(6),
            ),
            401,
        ),
        (
            "help without a token",
            bytes("POST", HELP, "", &help(EXERCISE, "", "")),
            401,
        ),
        (
            "withdrawing without a token",
            bytes(
                "DELETE",
                HELP,
                "",
                &json!({ "exercise": EXERCISE }).to_string(),
            ),
            401,
        ),
        (
            "leaving for another learner",
            bytes("POST", LEAVE, &forged, ""),
            401,
        ),
        // Replays.
        (
            "an old state",
            bytes("PUT", STATE, &own, &state_body(4)),
            200,
        ),
        (
            "the newest state with other contents",
            bytes("PUT", STATE, &own, &state_body(5)),
            200,
        ),
        // Bodies.
        (
            "a state with more than a state has",
            bytes("PUT", STATE, &own, &more.to_string()),
            422,
        ),
        (
            "a negative version",
            bytes(
                "PUT",
                STATE,
                &own,
                "{\"version\":-1,\"current\":null,\"exercises\":{}}",
            ),
            422,
        ),
        (
            "a huge version",
            bytes(
                "PUT",
                STATE,
                &own,
                "{\"version\":1e400,\"current\":null,\"exercises\":{}}",
            ),
            422,
        ),
        ("not JSON", bytes("PUT", STATE, &own, "\0\0\0"), 422),
        (
            "nested JSON",
            bytes("PUT", STATE, &own, &"[".repeat(100_000)),
            422,
        ),
        (
            "a state that is too large",
            bytes("PUT", STATE, &own, &" ".repeat((256 << 10) + 1)),
            413,
        ),
        (
            "a request to join that is too large",
            bytes("POST", JOIN, "", &" ".repeat((4 << 10) + 1)),
            413,
        ),
        (
            "help that is too large",
            bytes("POST", HELP, &own, &" ".repeat((256 << 10) + 1)),
            413,
        ),
        (
            "an answer that is too long",
            bytes(
                "POST",
                HELP,
                &own,
                &help(EXERCISE, &"x".repeat(MAX_ANSWER + 1), ""),
            ),
            413,
        ),
        (
            "a message that is too long",
            bytes("POST", HELP, &own, &help(EXERCISE, "", &"x".repeat(501))),
            413,
        ),
        // Paths.
        (
            "help with an exercise that does not exist",
            bytes("POST", HELP, &own, &help("../../room", "x", "")),
            404,
        ),
        (
            "a file of the room",
            bytes("GET", "/room.json", &own, ""),
            404,
        ),
        (
            "a path that leads out",
            bytes("GET", "/../class-room/learners/1.json", &own, ""),
            404,
        ),
        (
            "the same, encoded",
            bytes("GET", "/%2e%2e/room.json", &own, ""),
            404,
        ),
        ("the teacher's page", bytes("GET", "/", &own, ""), 404),
        (
            "what the teacher's page asks for",
            bytes("GET", "/workbook/room/since/0", &own, ""),
            404,
        ),
        ("another method", bytes("GET", STATE, &own, ""), 405),
        // Other sites.
        (
            "a page of another site",
            bytes(
                "POST",
                JOIN,
                "Origin: https://evil.example\r\n",
                &join_body(&code, "Eve"),
            ),
            403,
        ),
        (
            "any page",
            bytes(
                "PUT",
                STATE,
                &format!("{own}Sec-Fetch-Site: same-origin\r\n"),
                &state_body(6),
            ),
            403,
        ),
    ];
    let before = files(folder.path());
    for (what, request, expected) in table {
        let (status, body) = raw(room.port, &request);
        assert_eq!(status, expected, "{what}: {body}");
        assert_eq!(files(folder.path()), before, "{what}: it did something");
        let path = folder.path().to_string_lossy();
        assert!(
            !body.contains(&*path),
            "{what}: {body} names a folder of the teacher's"
        );
    }
    // The unmodified requests have an effect.
    let (status, _) = raw(room.port, &bytes("PUT", STATE, &own, &state_body(6)));
    assert_eq!(status, 200);
    assert_ne!(files(folder.path()), before);
}

#[test]
fn the_page_shows_no_learner_and_obeys_none_without_the_token_of_the_teacher() {
    let folder = folder();
    let room = Room::open(folder.path());
    let ada = room.join("Ada Lovelace", "s1");
    let before = files(folder.path());
    let remove = json!({ "learner": 1 }).to_string();
    for token in [
        None,
        Some(""),
        Some("0"),
        Some(&*ada),
        Some(room.code()),
        Some(room.key()),
    ] {
        for (method, path, body) in [
            ("GET", "/workbook/room/since/0", ""),
            ("POST", "/workbook/room/remove", &*remove),
            ("POST", "/workbook/room/open", "{\"open\":false}"),
            (
                "POST",
                "/workbook/room/helped",
                "{\"learner\":1,\"exercise\":\"gather/settle\"}",
            ),
        ] {
            let (status, answer) = room.of_page(method, path, token, body);
            assert_eq!(status, 401, "{path} with {token:?}: {answer}");
        }
    }
    let wrong = json!({ "key": ada }).to_string();
    assert_eq!(room.of_page("POST", "/workbook/token", None, &wrong).0, 401);
    for path in ["/", "/room.js", "/room.css"] {
        let (status, answer) = room.of_page("GET", path, None, "");
        assert!(
            status == 200 && !answer.contains("Ada") && !answer.contains(room.code()),
            "{path}"
        );
    }
    // Another name for this machine, and another site.
    for headers in [
        "Host: evil.example",
        "Host: 127.0.0.1:1\r\nOrigin: https://evil.example",
    ] {
        let request = format!("GET / HTTP/1.1\r\n{headers}\r\nConnection: close\r\n\r\n");
        assert_eq!(
            raw(room.page_port(), request.as_bytes()).0,
            403,
            "{headers}"
        );
    }
    assert_eq!(files(folder.path()), before);
}

#[test]
fn a_code_cannot_be_tried_again_and_again() {
    let folder = folder();
    let room = Room::open(folder.path());
    let ada = room.join("Ada", "");
    let start = Instant::now();
    let tries: Vec<u16> = (0..40)
        .map(|number| status(room.try_join(&format!("AAAA-{number:04}"), "Eve", "")))
        .collect();
    assert_eq!(tries[..20], [403; 20]);
    // Each six seconds allow for another one.
    let allowed = 21 + start.elapsed().as_secs() as usize / 6;
    assert!(count(&tries, 429) >= 40 - allowed, "{tries:?}");
    // From there, even the right code is refused for a while, so a try says nothing.
    assert_eq!(status(room.try_join(room.code(), "Eve", "")), 429);
    // Learners who have joined are not concerned.
    room.report(&ada, &state(1, &[])).expect("she is in");
}

#[test]
fn floods_of_a_learner_are_refused_and_the_others_go_on() {
    let folder = folder();
    let room = Room::open(folder.path());
    let (eve, ada) = (room.join("Eve", ""), room.join("Ada", ""));
    let start = Instant::now();
    let sent: Vec<u16> = (0..60)
        .map(|version| status(room.report(&eve, &state(version, &[]))))
        .collect();
    assert_eq!(sent[..30], [200; 30]);
    let allowed = 31 + start.elapsed().as_secs() as usize;
    assert!(
        count(&sent, 429) >= 60_usize.saturating_sub(allowed),
        "{sent:?}"
    );
    let asked: Vec<u16> = (0..20)
        .map(|_| status(room.ask(&eve, EXERCISE, "x")))
        .collect();
    let allowed = 7 + start.elapsed().as_secs() as usize / 10;
    assert!(
        count(&asked, 429) >= 20_usize.saturating_sub(allowed),
        "{asked:?}"
    );
    room.report(&ada, &state(1, &[(EXERCISE, State::Solved, &[])]))
        .expect("she is in");
    room.ask(&ada, EXERCISE, "y").expect("she may ask");
}

#[test]
fn one_address_cannot_fill_a_room() {
    let folder = folder();
    let room = Room::open(folder.path());
    let joined: Vec<u16> = (0..120)
        .map(|number| status(room.try_join(room.code(), &format!("Eve {number}"), "")))
        .collect();
    assert!(joined[..100].iter().all(|status| *status == 200));
    assert!(joined[105..].contains(&429), "{joined:?}");
}

#[test]
fn what_is_not_known_is_dropped() {
    let folder = folder();
    let room = Room::open(folder.path());
    let eve = room.join(
        "Eve <script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
    );
    let mut sent = state(
        1,
        &[
            (
                EXERCISE,
                State::Failing,
                &[
                    MISTAKE,
                    "fn secret() {}",
                    "<script>alert(2)</script>",
                    MISTAKE,
                ],
            ),
            ("gather/<script>", State::Solved, &[]),
            ("../../etc/passwd", State::Solved, &[]),
        ],
    );
    sent.current = Some("<script>alert(3)</script>".to_owned());
    for exercise in sent.exercises.values_mut() {
        exercise.minutes = u64::MAX;
    }
    room.report(&eve, &sent).expect("a state");
    let hostile = "</code></pre><script>alert(4)</script>\u{1b}[2J\u{202e}";
    room.ask(&eve, EXERCISE, hostile).expect("she may ask");
    let stored = &files(folder.path())["1.json"]["state"];
    assert_eq!(stored["current"], json!(null));
    assert_eq!(
        stored["exercises"].as_object().map(serde_json::Map::len),
        Some(1)
    );
    assert_eq!(stored["exercises"][EXERCISE]["mistakes"], json!([MISTAKE]));
    let page = room.shown();
    assert!(
        !page.contains("<script") && !page.contains("<img"),
        "{page}"
    );
    assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}'));
    assert!(page.contains("Eve &lt;script&gt;"), "{page}");
}

/// Connections that send nothing do not keep out a learner. (A slow one is closed after a time, see `connections`.)
#[test]
fn silent_connections_do_not_keep_out_learners() {
    let folder = folder();
    let room = Room::open(folder.path());
    let silent: Vec<TcpStream> = (0..200)
        .map(|_| TcpStream::connect((Ipv4Addr::LOCALHOST, room.port)).expect("the server listens"))
        .collect();
    let mut slow = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, room.port)).expect("it listens");
        let _ = stream
            .write_all(b"POST /room/join HTTP/1.1\r\nHost: room\r\nContent-Length: 100\r\n\r\n{");
        slow.push(stream);
    }
    room.join("Ada", "");
    room.shown();
    drop((silent, slow));
}

/// A body that arrives byte by byte, each in time, is not awaited forever.
#[test_cache::test]
fn a_slow_body_is_given_up() {
    let folder = folder();
    let room = Room::open(folder.path());
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, room.port)).expect("it listens");
    stream
        .set_read_timeout(Some(Duration::from_millis(500)))
        .expect("a socket can be set");
    let head = b"POST /room/join HTTP/1.1\r\nHost: room\r\nContent-Length: 1000\r\n\r\n";
    stream.write_all(head).expect("the server reads");
    let start = Instant::now();
    let mut answer = [0; 12];
    while stream.read_exact(&mut answer).is_err() {
        assert!(start.elapsed() < DEADLINE, "the server waits forever");
        let _ = stream.write_all(b" ");
    }
    assert_eq!(&answer, b"HTTP/1.1 408");
}
