//! Requests that are meant for another host, or that use another name for this one.

use super::{are_refused, hint};
use crate::server::Server;

#[test_cache::test]
fn refuses_a_foreign_host() {
    let server = Server::start();
    server.settles();
    let port = server.port;
    // To the browser, the page belongs to that host, so all other headers are consistent.
    let to = |host: &str| {
        hint(&server)
            .with("Host", host)
            .with("Origin", &format!("http://{host}"))
    };
    are_refused(
        &server,
        &[
            (
                "no host",
                hint(&server).without("Host").without("Origin"),
                403,
            ),
            ("an empty host", to(""), 403),
            (
                "two hosts, ours first",
                hint(&server).and("Host", "attacker.example"),
                403,
            ),
            (
                "the same host twice",
                hint(&server).and("Host", &server.host()),
                403,
            ),
            ("a host of another site", to("attacker.example"), 403),
            (
                "a name that another site resolves to this address",
                to(&format!("attacker.example:{port}")),
                403,
            ),
            (
                "a name that starts like ours",
                to(&format!("127.0.0.1.attacker.example:{port}")),
                403,
            ),
            (
                "a port that starts like ours",
                to(&format!("127.0.0.1:{port}.attacker.example")),
                403,
            ),
            ("another port", to(&format!("127.0.0.1:{}", port ^ 1)), 403),
            ("no port", to("127.0.0.1"), 403),
            (
                "a user name before the host",
                to(&format!("attacker@127.0.0.1:{port}")),
                403,
            ),
            (
                "the unspecified address",
                to(&format!("0.0.0.0:{port}")),
                403,
            ),
            (
                "an absolute URL of another host",
                hint(&server).target("http://attacker.example/workbook/hint"),
                403,
            ),
            (
                "an absolute URL with a user name",
                hint(&server).target(&format!("http://attacker@127.0.0.1:{port}/workbook/hint")),
                403,
            ),
        ],
    );
}

#[test_cache::test]
fn an_allowed_name_allows_no_other() {
    let server = Server::with(&[
        "--allow-host",
        "Book.example",
        "--allow-host",
        "localhost:8080",
    ]);
    server.settles();
    let from = |host: &str, origin: &str| hint(&server).with("Host", host).with("Origin", origin);
    are_refused(
        &server,
        &[
            (
                "a domain below it",
                from("a.book.example", "https://a.book.example"),
                403,
            ),
            (
                "a name that ends like it",
                from("xbook.example", "https://xbook.example"),
                403,
            ),
            (
                "another port",
                from("book.example:81", "https://book.example:81"),
                403,
            ),
            (
                "a foreign page",
                from("book.example", "https://attacker.example"),
                403,
            ),
            (
                "the port of the other name",
                from("book.example:8080", "http://book.example:8080"),
                403,
            ),
            (
                "a page of a domain below it",
                from(&server.host(), "https://a.book.example"),
                403,
            ),
        ],
    );
}
