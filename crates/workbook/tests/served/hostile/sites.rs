//! Requests that a page of another site makes a browser send.

use serde_json::json;

use super::{are_refused, hint};
use crate::client::Request;
use crate::server::Server;

#[test_cache::test]
fn refuses_a_foreign_origin() {
    let server = Server::start();
    server.settles();
    let port = server.port;
    let from = |origin: &str| hint(&server).with("Origin", origin);
    let fetched = |site: &str| hint(&server).without("Origin").with("Sec-Fetch-Site", site);
    are_refused(
        &server,
        &[
            ("another site", from("https://attacker.example"), 403),
            (
                "another port",
                from(&format!("http://127.0.0.1:{}", port ^ 1)),
                403,
            ),
            ("no port", from("http://127.0.0.1"), 403),
            ("a file, or a frame with no origin", from("null"), 403),
            ("an empty origin", from(""), 403),
            (
                "another protocol",
                from(&format!("https://127.0.0.1:{port}")),
                403,
            ),
            (
                "an origin that starts like ours",
                from(&format!("http://127.0.0.1:{port}.attacker.example")),
                403,
            ),
            (
                "the other name of this machine",
                from(&format!("http://localhost:{port}")),
                403,
            ),
            (
                "two origins, ours first",
                hint(&server).and("Origin", "https://attacker.example"),
                403,
            ),
            ("a form of another site", fetched("cross-site"), 403),
            ("a form of another port", fetched("same-site"), 403),
            ("an address that was typed", fetched("none"), 403),
            (
                "a preflight request of another site",
                from("https://attacker.example")
                    .method("OPTIONS")
                    .without("Authorization")
                    .and("Access-Control-Request-Method", "POST")
                    .and("Access-Control-Request-Headers", "authorization"),
                403,
            ),
            (
                "a preflight request for a private network",
                from("https://attacker.example")
                    .method("OPTIONS")
                    .and("Access-Control-Request-Private-Network", "true"),
                403,
            ),
            (
                "an event stream of another site",
                server
                    .request("GET", "events")
                    .without("Origin")
                    .with("Sec-Fetch-Site", "cross-site"),
                403,
            ),
            (
                "a WebSocket of another site",
                server
                    .request("GET", "events")
                    .with("Origin", "https://attacker.example")
                    .and("Connection", "Upgrade")
                    .and("Upgrade", "websocket"),
                403,
            ),
            (
                "another site tries keys",
                Request::new("POST", "/workbook/token", &server.host())
                    .and("Origin", "https://attacker.example")
                    .json(&json!({ "key": server.key })),
                403,
            ),
        ],
    );
}

#[test_cache::test]
fn other_sites_may_link_to_pages_but_not_embed_them() {
    let server = Server::start();
    let asked = |path: &str, [site, mode, dest]: [&str; 3]| {
        let request = Request::new("GET", path, &server.host())
            .and("Sec-Fetch-Site", site)
            .and("Sec-Fetch-Mode", mode)
            .and("Sec-Fetch-Dest", dest);
        server.ask(&request).status
    };
    for (path, how, status) in [
        ("/demo.html", ["cross-site", "navigate", "document"], 200),
        ("/demo.html", ["same-site", "navigate", "document"], 200),
        ("/demo.html", ["none", "navigate", "document"], 200),
        ("/toc.html", ["same-origin", "navigate", "iframe"], 200),
        ("/index.html", ["same-origin", "no-cors", "image"], 200),
        ("/demo.html", ["cross-site", "navigate", "iframe"], 403),
        ("/demo.html", ["cross-site", "navigate", "object"], 403),
        ("/demo.html", ["same-site", "navigate", "iframe"], 403),
        ("/favicon.png", ["cross-site", "no-cors", "image"], 403),
        ("/toc.js", ["cross-site", "no-cors", "script"], 403),
        ("/demo.html", ["cross-site", "cors", "empty"], 403),
        (
            "/workbook/events",
            ["cross-site", "navigate", "document"],
            403,
        ),
    ] {
        assert_eq!(asked(path, how), status, "{path} {how:?}");
    }
    // A form can be submitted where a link can go, and has an origin.
    let form = Request::new("POST", "/demo.html", &server.host())
        .and("Origin", "https://attacker.example")
        .and("Sec-Fetch-Site", "cross-site")
        .and("Sec-Fetch-Mode", "navigate")
        .and("Sec-Fetch-Dest", "document");
    assert_eq!(server.ask(&form).status, 403);
}
