//! Requests of other sites, other programs and other users.
//!
//! Each is a valid request that would change something, with one modification, which is why it is refused.

mod bodies;
mod heads;
mod hosts;
mod names;
mod sites;
mod tokens;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::json;

use crate::client::Request;
use crate::server::Server;

/// A description, the request, and the expected status.
type Hostile = (&'static str, Request, u16);

/// The request for a hint, as a page sends it.
fn hint(server: &Server) -> Request {
    let request = server.request("POST", "hint");
    request.json(&json!({ "exercise": "demo/double" }))
}

/// Every file that a request might change.
fn state(server: &Server) -> BTreeMap<String, Vec<u8>> {
    fn read(folder: &Path, state: &mut BTreeMap<String, Vec<u8>>) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                read(&path, state);
            } else {
                let content = fs::read(&path).unwrap();
                state.insert(path.display().to_string(), content);
            }
        }
    }
    let mut state = BTreeMap::new();
    read(&server.workbook.path(""), &mut state);
    state
}

/// Sends all of them, and checks that each is refused and none has an effect.
#[track_caller]
fn are_refused(server: &Server, table: &[Hostile]) {
    let before = state(server);
    for (what, request, status) in table {
        let answer = server.ask(request);
        assert_eq!(answer.status, *status, "{what}: {}", answer.text());
        let is_bare = *status == 400 && answer.body.is_empty();
        if request.target.starts_with("/workbook/") && !is_bare {
            answer.error();
            let is_kept = answer.header("cache-control") != Some("no-store");
            assert!(!is_kept || *status == 403, "{what}: {answer:?}");
        }
        assert_eq!(state(server), before, "{what}: it did something");
    }
    // The unmodified request has an effect.
    assert_eq!(server.ask(&hint(server)).status, 200);
    assert_ne!(state(server), before);
}
