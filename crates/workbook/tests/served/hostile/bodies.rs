//! Invalid bodies.

use serde_json::json;

use super::{are_refused, hint, state};
use crate::client::{Answer, Connection, Request};
use crate::server::Server;

/// The maximal size of a body.
const LARGEST_BODY: usize = 2 << 20;

#[test_cache::test]
fn refuses_an_invalid_body() {
    let server = Server::start();
    server.settles();
    let with_body = |body: &[u8]| hint(&server).body(body);
    let of_type = |kind: &str| hint(&server).with("Content-Type", kind);
    let deep = "[".repeat(100_000);
    let deeper = format!("{{\"exercise\": {}", "{\"a\": ".repeat(100_000));
    are_refused(
        &server,
        &[
            ("a form's plain text", of_type("text/plain"), 415),
            ("a form", of_type("application/x-www-form-urlencoded"), 415),
            (
                "a form with files",
                of_type("multipart/form-data; boundary=x"),
                415,
            ),
            (
                "no content type",
                hint(&server).without("Content-Type"),
                415,
            ),
            ("no body", with_body(b""), 400),
            ("not JSON", with_body(b"exercise=demo/double"), 400),
            (
                "truncated JSON",
                with_body(b"{\"exercise\": \"demo/dou"),
                400,
            ),
            (
                "two values",
                with_body(b"{\"exercise\": \"demo/double\"}{}"),
                400,
            ),
            (
                "not UTF-8",
                with_body(b"{\"exercise\": \"demo/doubl\xe9\"}"),
                400,
            ),
            (
                "half of a surrogate pair",
                with_body(b"{\"exercise\": \"\\ud800\"}"),
                400,
            ),
            (
                "a value of another type",
                with_body(b"{\"exercise\": 1}"),
                422,
            ),
            ("a missing field", with_body(b"{}"), 422),
            (
                "an unknown field",
                with_body(b"{\"exercise\": \"demo/double\", \"all\": true}"),
                422,
            ),
            (
                "a duplicate field",
                with_body(b"{\"exercise\": \"a\", \"exercise\": \"demo/double\"}"),
                422,
            ),
            ("a string", with_body(b"\"demo/double\""), 422),
            ("deep lists", with_body(deep.as_bytes()), 422),
            ("deep objects", with_body(deeper.as_bytes()), 422),
            (
                "a negative length",
                hint(&server).and("Content-Length", "-1"),
                400,
            ),
            (
                "a length that is not a number",
                hint(&server).and("Content-Length", "0x10"),
                400,
            ),
            (
                "a length that overflows",
                hint(&server).and("Content-Length", "99999999999999999999"),
                400,
            ),
            (
                "two lengths",
                hint(&server)
                    .and("Content-Length", "26")
                    .and("Content-Length", "27"),
                400,
            ),
        ],
    );
}

#[test_cache::test]
fn refuses_a_body_that_is_too_large() {
    let server = Server::start();
    let too_much = vec![b' '; LARGEST_BODY + 1];
    let whole = hint(&server).body(&too_much).bytes();
    // This body is chunked, and has no announced length.
    let pieces = hint(&server)
        .body(format!("{:x}\r\n", LARGEST_BODY + 1))
        .and("Transfer-Encoding", "chunked");
    let pieces = [pieces.bytes(), too_much].concat();
    for request in [whole, pieces] {
        let mut connection = Connection::open(server.port);
        connection.send(&request);
        let answer = connection.answer().expect("it is refused");
        assert_eq!(answer.status, 413);
        answer.error();
    }
}

#[test_cache::test]
fn a_long_name_does_not_hold_up_other_requests() {
    let server = Server::start();
    let name = "é".repeat(LARGEST_BODY / 2 - 100);
    for path in ["check", "hint", "help", "reset", "solution"] {
        let mut body = json!({ "exercise": name });
        match path {
            "reset" => body["undo"] = false.into(),
            "solution" => body["show_me"] = true.into(),
            _ => {}
        }
        let answer = server.post(path, &body);
        assert_eq!(answer.status, 404, "{path}");
        let error = answer.error();
        assert!(error.len() < 1000, "{path}: {} bytes", error.len());
    }
    let chapter = server.request("GET", &format!("answer/{}", "a".repeat(4000)));
    let answer = server.ask(&chapter);
    assert_eq!(answer.status, 404);
    assert!(answer.error().len() < 1000);
}

#[test_cache::test]
fn accepts_a_body_of_the_maximal_size() {
    let server = Server::start();
    let mut body = json!({ "exercise": "demo/double" }).to_string();
    body.extend(std::iter::repeat_n(' ', LARGEST_BODY - body.len()));
    assert_eq!(server.ask(&hint(&server).body(body)).status, 200);
}

#[test_cache::test]
fn a_body_cannot_smuggle_a_request() {
    let server = Server::start();
    server.settles();
    let before = state(&server);
    let hidden = String::from_utf8(hint(&server).bytes()).unwrap();
    let wrapped = |request: Request| request.body(format!("0\r\n\r\n{hidden}"));
    let both = |encoding: &str| {
        let length = format!("0\r\n\r\n{hidden}").len().to_string();
        wrapped(server.request("POST", "check"))
            .and("Content-Type", "application/json")
            .and("Content-Length", &length)
            .and("Transfer-Encoding", encoding)
    };
    for request in [
        both("chunked"),
        both("identity"),
        both("gzip, chunked"),
        both("chunked, identity"),
        both("xchunked"),
        both("\x0bchunked"),
    ] {
        let mut connection = Connection::open(server.port);
        connection.send(&request.bytes());
        connection.close_sending_side();
        let mut answers = Vec::new();
        while let Some(Answer { status, .. }) = connection.answer() {
            answers.push(status);
        }
        assert!(
            answers.iter().all(|status| *status == 400),
            "{answers:?} to {request:?}"
        );
        assert_eq!(state(&server), before, "{request:?}");
    }
}
