//! Invalid heads.

use crate::client::Connection;
use crate::server::Server;

#[test_cache::test]
fn disconnects_a_client_that_sends_an_endless_head() {
    let server = Server::start();
    let mut connection = Connection::open(server.port);
    connection.send(format!("GET / HTTP/1.1\r\nHost: {}\r\n", server.host()).as_bytes());
    let mut sent = 0;
    while connection.send(&[b'x'; 1 << 16]) {
        sent += 1 << 16;
        assert!(sent < 64 << 20, "the server keeps reading");
    }
    assert_eq!(server.page("/").status, 200);
}

#[test_cache::test]
fn refuses_an_invalid_head() {
    let server = Server::start();
    let host = server.host();
    for bytes in [
        format!("GET / HTTP/1.1\r\nHost : {host}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {host}\r\n X: folded\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {host}\r\nX: \0\r\n\r\n"),
        format!("GET / HTTP/3.0\r\nHost: {host}\r\n\r\n"),
        format!("GET /\r\nHost: {host}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(10_000)),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        "\x16\x03\x01\x02\x00\x01\x00\x01\u{fc}\x03\x03".to_owned(),
        "CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n".to_owned(),
    ] {
        let mut connection = Connection::open(server.port);
        connection.send(bytes.as_bytes());
        connection.close_sending_side();
        if let Some(answer) = connection.answer() {
            let is_refusal = [400, 403, 431].contains(&answer.status);
            assert!(is_refusal, "{bytes}: {answer:?}");
        }
        assert!(connection.is_over());
    }
    assert_eq!(server.page("/").status, 200);
}
