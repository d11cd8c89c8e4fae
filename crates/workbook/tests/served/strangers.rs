//! Programs of other users that connect and never show the token.

use crate::client::{Connection, Request};
use crate::server::Server;

/// Far more than the server serves at once.
const CONNECTIONS: usize = 1050;

#[test_cache::test]
fn a_page_does_not_wait_for_those_who_send_nothing() {
    let server = Server::start();
    let mut reader = Connection::open(server.port);
    assert_eq!(
        reader.ask(&server.request("GET", "answer/demo")).status,
        200
    );
    let request = Request::new("GET", "/index.html", &server.host()).bytes();
    let (first, rest) = request.split_at(1);
    let connect = || {
        let mut connection = Connection::open(server.port);
        connection.send(first);
        connection
    };
    let mut strangers: Vec<_> = (0..CONNECTIONS).map(|_| connect()).collect();
    assert_eq!(server.page("/index.html").status, 200);
    // The newest one still has its place, so nobody has waited until the others were too slow.
    let newest = strangers.last_mut().unwrap();
    newest.send(rest);
    assert_eq!(newest.answer().expect("a page").status, 200);
    assert!(strangers[0].is_over());
    // The reader has kept theirs.
    assert_eq!(
        reader.ask(&server.request("GET", "answer/demo")).status,
        200
    );
}
