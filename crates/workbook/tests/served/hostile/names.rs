//! Unknown methods and paths.

use super::{are_refused, hint};
use crate::server::Server;

#[test_cache::test]
fn refuses_unknown_methods_and_paths() {
    let server = Server::start();
    server.settles();
    let by = |method: &str| hint(&server).method(method);
    let at = |target: &str| hint(&server).target(target);
    are_refused(
        &server,
        &[
            ("a GET request", by("GET"), 405),
            ("a DELETE request", by("DELETE"), 405),
            ("a TRACE request", by("TRACE"), 405),
            ("an unknown method", by("BREW"), 405),
            ("an invalid method", by("po st"), 400),
            ("a path with dots", at("/workbook/../workbook/hint"), 404),
            (
                "a path with encoded dots",
                at("/workbook/%2e%2e/workbook/hint"),
                404,
            ),
            ("a double slash before the name", at("/workbook//hint"), 404),
            ("a trailing slash", at("/workbook/hint/"), 404),
            ("a percent-encoded name", at("/workbook/%68int"), 404),
            (
                "a double slash before the prefix",
                at("//workbook/hint"),
                405,
            ),
            ("a prefix in capitals", at("/WORKBOOK/hint"), 405),
            ("a percent-encoded prefix", at("/%77orkbook/hint"), 405),
            ("backslashes", at("\\workbook\\hint"), 400),
            ("an unknown path", at("/workbook/shutdown"), 404),
            ("a NUL", at("/workbook/hint\0"), 400),
        ],
    );
}

#[test_cache::test]
fn no_path_leads_out_of_the_book() {
    let server = Server::start();
    server.settles();
    for path in [
        "/../book.toml",
        "/../../../../../../etc/passwd",
        "/%2e%2e/book.toml",
        "/.%2e/book.toml",
        "/..%2fbook.toml",
        "/%2e%2e%2fbook.toml",
        "/%252e%252e%252fbook.toml",
        "/%c0%ae%c0%ae/book.toml",
        "/%uff0e%uff0e/book.toml",
        "/./../book.toml",
        "/css/../../book.toml",
        "/css/%2e%2e/%2e%2e/book.toml",
        "/....//book.toml",
        "/..;/book.toml",
        "//book.toml",
        "//../book.toml",
        "/..\\book.toml",
        "/..%5cbook.toml",
        "/%00../book.toml",
        "/demo.html%00/../../book.toml",
        "/book.toml",
        "/book/../book.toml",
        "/src/demo.md",
        "/exercises/src/demo.rs",
        "/solutions/src/demo.rs",
        "/.workbook/progress.json",
        "/../.workbook/progress.json",
        "/%2eworkbook/progress.json",
        "/.git/config",
        "/etc/passwd",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/file:///etc/passwd",
        "/C:/Windows/win.ini",
        "/proc/self/environ",
    ] {
        let answer = server.page(path);
        assert!([400, 404].contains(&answer.status), "{path}: {answer:?}");
        let text = answer.text();
        let secrets = ["[book]", "\"version\"", "fn double", "root:"];
        assert!(
            !secrets.iter().any(|secret| text.contains(secret)),
            "{path}: {text}"
        );
    }
    let whole = format!("http://{}/../book.toml", server.host());
    assert_eq!(server.page(&whole).status, 404);
}
