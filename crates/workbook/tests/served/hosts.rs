//! The names and addresses under which browsers reach the server.

use serde_json::json;

use crate::client::Request;
use crate::server::Server;

#[test_cache::test]
fn pages_work_under_a_name_that_is_allowed() {
    let server = Server::with(&[
        "--allow-host",
        "localhost:8080",
        "--allow-host",
        "book.example",
    ]);
    let of_key = format!("/#key={}", server.key);
    server.prints(&format!("http://localhost:8080{of_key}"));
    server.prints(&format!("https://book.example{of_key}"));
    let hint = |host: &str, origin: &str| {
        let request = server.request("POST", "hint");
        let request = request.with("Host", host).with("Origin", origin);
        server
            .ask(&request.json(&json!({ "exercise": "demo/double" })))
            .status
    };
    assert_eq!(hint("localhost:8080", "http://localhost:8080"), 200);
    assert_eq!(hint("book.example", "https://book.example"), 200);
    // Some proxies replace the host, as that of GitHub Codespaces does.
    assert_eq!(hint(&server.host(), "https://book.example"), 200);
    let page = Request::new("GET", "/demo.html", "book.example");
    assert_eq!(server.ask(&page).status, 200);
}

#[test_cache::test]
fn a_page_says_what_to_do_about_an_unknown_name() {
    let server = Server::start();
    let ask = |path: &str, host: &str| {
        let request = Request::new("GET", path, host);
        server.ask(&request.and("Accept", "text/html,application/xhtml+xml"))
    };
    let page = ask("/", "localhost:8080");
    assert_eq!(page.status, 403);
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(
        page.text()
            .contains("cargo workbook serve --allow-host localhost:8080")
    );
    // A name that could be more than a name is not repeated.
    for name in ["a<script>", "a'$(id)'", "a&amp;b"] {
        let page = ask("/", name);
        assert_eq!(page.status, 403);
        assert!(
            page.text().contains("--allow-host HOST") && !page.text().contains(name),
            "{name}"
        );
    }
    // Scripts get JSON.
    assert_eq!(
        ask("/workbook/events", "localhost:8080").error(),
        "This request is meant for another host."
    );
}

#[test_cache::test]
fn listens_on_another_address() {
    let server = Server::with(&["--host", "127.0.0.2"]);
    let page = Request::new("GET", "/demo.html", &server.host());
    assert_eq!(server.ask(&page).status, 200);
    let elsewhere = Request::new("GET", "/demo.html", &format!("127.0.0.1:{}", server.port));
    assert_eq!(server.ask(&elsewhere).status, 403);
    assert!(!server.end().contains("Other machines"));
}

#[test_cache::test]
fn warns_if_other_machines_can_connect() {
    let server = Server::with(&["--host", "0.0.0.0"]);
    assert_eq!(server.page("/demo.html").status, 200);
    assert!(
        server
            .end()
            .contains("Other machines can reach this workbook")
    );
}

#[test_cache::test]
fn refuses_what_is_no_name() {
    let workbook = crate::workbook::Workbook::new();
    for name in [
        "http://localhost:8080",
        "localhost/",
        "me@localhost",
        "",
        "a b",
    ] {
        let tool = workbook
            .tool()
            .args(["serve", "--allow-host", name])
            .output();
        let tool = tool.expect("the tool can be started");
        assert_eq!(tool.status.code(), Some(2), "{name}");
        let said = String::from_utf8_lossy(&tool.stderr);
        assert!(said.contains("such as localhost:8080"), "{name}: {said}");
    }
}
