//! Requests without a valid token.

use serde_json::json;

use super::{are_refused, hint};
use crate::server::Server;

#[test_cache::test]
fn refuses_a_missing_or_wrong_token() {
    let server = Server::start();
    let other = Server::start();
    server.settles();
    let (token, bare) = (server.token(), hint(&server).without("Authorization"));
    let authorized = |value: &str| bare.clone().and("Authorization", value);
    let mut table = vec![
        ("no token", bare.clone(), 401),
        ("an empty token", authorized("Bearer "), 401),
        ("a wrong token", authorized("Bearer 123"), 401),
        (
            "half of the token",
            authorized(&format!("Bearer {}", &token[..token.len() / 2])),
            401,
        ),
        (
            "more than the token",
            authorized(&format!("Bearer {token}0")),
            401,
        ),
        (
            "the token of another server",
            authorized(&format!("Bearer {}", other.token())),
            401,
        ),
        (
            "the key",
            authorized(&format!("Bearer {}", server.key)),
            401,
        ),
        (
            "the token in another form",
            authorized(&format!("Basic {token}")),
            401,
        ),
        (
            "the token after a wrong one",
            authorized("Bearer 1").and("Authorization", &format!("Bearer {token}")),
            401,
        ),
        (
            "the token in the address",
            bare.clone()
                .target(&format!("/workbook/hint?token={token}")),
            401,
        ),
        (
            "the token in a cookie",
            bare.clone().and("Cookie", &format!("token={token}")),
            401,
        ),
        (
            "a WebSocket, which cannot carry a token",
            server
                .request("GET", "events")
                .without("Authorization")
                .and("Connection", "Upgrade")
                .and("Upgrade", "websocket"),
            401,
        ),
    ];
    let bare = |method, path| server.request(method, path).without("Authorization");
    let reset = json!({ "exercise": "demo/double", "undo": false });
    let answer = json!({ "text": "", "version": "" });
    table.extend([
        ("events", bare("GET", "events"), 401),
        (
            "a check",
            bare("POST", "check").json(&json!({ "exercise": "demo/double" })),
            401,
        ),
        ("a reset", bare("POST", "reset").json(&reset), 401),
        (
            "a solution",
            bare("POST", "solution").json(&json!({ "exercise": "demo/double", "show_me": true })),
            401,
        ),
        ("an answer read", bare("GET", "answer/demo"), 401),
        (
            "an answer saved",
            bare("PUT", "answer/demo").json(&answer),
            401,
        ),
        (
            "a run",
            bare("POST", "run").json(&json!({ "program": "fn main() {}" })),
            401,
        ),
        ("an unsupported method", bare("DELETE", "answer/demo"), 401),
    ]);
    are_refused(&server, &table);
}

#[test_cache::test]
fn refuses_a_wrong_key() {
    let server = Server::start();
    let other = Server::start();
    for key in ["", "0", &server.token(), &server.key[1..], &other.key] {
        let refused = server.open(key);
        assert_eq!(refused.status, 401, "{key}");
        refused.error();
    }
    assert_eq!(server.open(&server.key).status, 200);
}
