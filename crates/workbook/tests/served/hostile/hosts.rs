//! Requests that are meant for another host, or come to this one under another name.

use super::{are_refused, hint};
use crate::server::Server;

#[test_cache::test]
fn a_request_for_another_host_is_refused() {
    let server = Server::start();
    server.settles();
    let port = server.port;
    // The browser takes the page for one of that host, so everything else is as it should be.
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
                "a name that another site lets point here",
                to(&format!("attacker.example:{port}")),
                403,
            ),
            (
                "a name that begins like ours",
                to(&format!("127.0.0.1.attacker.example:{port}")),
                403,
            ),
            (
                "a port that begins like ours",
                to(&format!("127.0.0.1:{port}.attacker.example")),
                403,
            ),
            ("another port", to(&format!("127.0.0.1:{}", port ^ 1)), 403),
            ("no port", to("127.0.0.1"), 403),
            (
                "a name before the host",
                to(&format!("attacker@127.0.0.1:{port}")),
                403,
            ),
            (
                "every address of this machine",
                to(&format!("0.0.0.0:{port}")),
                403,
            ),
            (
                "a whole address of another host",
                hint(&server).target("http://attacker.example/workbook/hint"),
                403,
            ),
            (
                "a whole address with a name before the host",
                hint(&server).target(&format!("http://attacker@127.0.0.1:{port}/workbook/hint")),
                403,
            ),
        ],
    );
}
