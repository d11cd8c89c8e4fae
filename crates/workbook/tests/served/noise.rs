//! No bytes crash the server.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{RngSeed, TestRunner};
use serde_json::json;

use crate::client::Connection;
use crate::server::Server;

/// The byte sequences that are inserted into requests. Each has a meaning in HTTP.
const TOKENS: [&[u8]; 20] = [
    b"\r\n",
    b"\r\n\r\n",
    b"\n",
    b"\0",
    b" ",
    b":",
    b"%",
    b"%00",
    b"../",
    b"Host: ",
    b"Content-Length: 5\r\n",
    b"Content-Length: 99999999999\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Expect: 100-continue\r\n",
    b"Connection: Upgrade\r\nUpgrade: websocket\r\n",
    b"Connection: close\r\n",
    b"HTTP/1.0",
    b"ffffffffffffffff\r\n",
    b"\xff\xfe",
    b"{\"\\u0000\":",
];

/// A modification of a request.
#[derive(Debug, Clone)]
enum Change {
    Put(Index, &'static [u8]),
    Replace(Index, u8),
    Remove(Index, Index),
    Repeat(Index, Index),
    CutOff(Index),
}

impl Change {
    fn any() -> impl Strategy<Value = Self> {
        let (at, to) = (any::<Index>, any::<Index>);
        prop_oneof![
            (at(), select(&TOKENS)).prop_map(|(at, word)| Self::Put(at, word)),
            (at(), any::<u8>()).prop_map(|(at, byte)| Self::Replace(at, byte)),
            (at(), to()).prop_map(|(at, to)| Self::Remove(at, to)),
            (at(), to()).prop_map(|(at, to)| Self::Repeat(at, to)),
            at().prop_map(Self::CutOff),
        ]
    }

    fn make(&self, bytes: &mut Vec<u8>) {
        let length = bytes.len() + 1;
        let range = |from: &Index, to: &Index| {
            let (from, to) = (from.index(length), to.index(length));
            from.min(to)..from.max(to)
        };
        match self {
            Self::Put(at, word) => {
                drop(bytes.splice(at.index(length)..at.index(length), word.iter().copied()))
            }
            Self::Replace(at, byte) => {
                if let Some(place) = bytes.get_mut(at.index(length)) {
                    *place = *byte;
                }
            }
            Self::Remove(from, to) => drop(bytes.drain(range(from, to))),
            Self::Repeat(from, to) => {
                let range = range(from, to);
                let again = bytes[range.clone()].to_vec();
                drop(bytes.splice(range.end..range.end, again));
            }
            Self::CutOff(at) => bytes.truncate(at.index(length)),
        }
    }
}

fn runner() -> TestRunner {
    TestRunner::new(ProptestConfig {
        cases: 1000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(4),
        ..ProptestConfig::default()
    })
}

/// Sends these bytes, and reads the response to the end.
fn survives(server: &Server, bytes: &[u8]) -> Result<(), TestCaseError> {
    let mut connection = Connection::open(server.port);
    connection.send(bytes);
    connection.close_sending_side();
    let text = connection.everything();
    prop_assert!(!text.contains("HTTP/1.1 500"), "{text}");
    Ok(())
}

/// Checks that the server still works, and has reported no error.
#[track_caller]
fn still_works(server: Server) {
    assert_eq!(server.page("/").status, 200);
    let hint = json!({ "exercise": "demo/double" });
    assert_eq!(server.post("hint", &hint).status, 200);
    assert_eq!(server.end(), "");
}

#[test_cache::test]
fn survives_arbitrary_bytes() {
    let server = Server::start();
    let ran = runner().run(&vec(any::<u8>(), 0..2000), |bytes| {
        survives(&server, &bytes)
    });
    ran.unwrap();
    still_works(server);
}

#[test_cache::test]
fn survives_modified_requests() {
    let server = Server::start();
    let exercise = json!({ "exercise": "demo/double" });
    let requests = [
        server.request("GET", "events"),
        server.request("POST", "check").json(&exercise),
        server.request("GET", "answer/demo"),
        server
            .request("PUT", "answer/demo")
            .json(&json!({ "text": "text", "version": "0" })),
        server
            .request("POST", "run")
            .json(&json!({ "program": "fn main() {}" })),
        server
            .request("GET", "")
            .target("/demo.html")
            .and("Accept-Encoding", "gzip"),
        server
            .request("HEAD", "")
            .target("/")
            .and("If-None-Match", "\"0\""),
    ];
    let requests = requests.map(|request| request.bytes());
    let changed = (select(requests.to_vec()), vec(Change::any(), 1..5));
    let ran = runner().run(&changed, |(mut bytes, changes)| {
        changes.iter().for_each(|change| change.make(&mut bytes));
        survives(&server, &bytes)
    });
    ran.unwrap();
    still_works(server);
}
