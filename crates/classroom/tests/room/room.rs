//! A room on this machine, with the requests of workbooks and of the page.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use autograder::manifest::Manifest;
use autograder::verdict::State;
use axum::http::Method;
use classroom::class_file::Class;
use classroom::room::known::Known;
use classroom::room::registry::Registry;
use classroom::room::server::{self, SharedRegistry, View};
use classroom::roster::Roster;
use classroom::submission::Student;
use classroom::submission::room::{
    Ask, ExerciseState, HELP, JOIN, Join, Joined, LearnerState, Received, STATE,
};
use jiff::tz::TimeZone;
use serde::Serialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use workbook::auth::Auth;
use workbook::room::request::{self, Failure};
use workbook::serve::connections;
use workbook::serve::hosts::Hosts;

/// Far longer than anything here takes.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// A mistake that the workbook of the teacher knows.
pub const MISTAKE: &str = "Awaits one after the other.";

const MANIFEST: &str = r#"
[[chapter]]
slug = "gather"
title = "Gather"

[[chapter.exercise]]
name = "fetch_all"
title = "Fetch all"
minutes = 10
teaches = ""
hints = []

[[chapter.exercise]]
name = "settle"
title = "Settle"
minutes = 10
teaches = ""
hints = []
"#;

/// A room that is open until it is dropped, and the folder in which it opens again.
pub struct Room {
    pub port: u16,
    page: u16,
    auth: Arc<Auth>,
    code: String,
    token: String,
    runtime: Option<Runtime>,
}

/// Where a room is kept.
pub fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder can be created")
}

impl Room {
    pub fn open(folder: &Path) -> Self {
        let manifest = Manifest::parse(MANIFEST).expect("a manifest");
        let exercises = ["gather/fetch_all", "gather/settle"].map(str::to_owned);
        let mistake = (exercises[0].clone(), MISTAKE.to_owned());
        let known = Known::of(&exercises, [mistake]);
        let registry = Registry::open(folder, known).expect("the folder is writable");
        let code = registry.code().to_owned();
        let registry = SharedRegistry::new(registry);
        let [learners, page] =
            [(); 2].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free"));
        let [port, page_port] =
            [&learners, &page].map(|one| one.local_addr().expect("it listens").port());
        let roster = b"id,name\ns1,Ada Lovelace\n";
        let view = View {
            class: Class::of_all(&exercises),
            roster: Some(Roster::parse(roster, &TimeZone::UTC).expect("a list of students")),
            manifest,
            book: String::new(),
            addresses: vec![format!("127.0.0.1:{port}")],
        };
        let auth = Arc::new(Auth::new().expect("random numbers"));
        let hosts = Hosts::new(Ipv4Addr::LOCALHOST.into(), page_port, &[]);
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let learners_router = server::learners(registry.clone(), "A class");
        runtime.spawn(connections::serve(learners, learners_router));
        let page_router = server::teacher(registry, view, Arc::clone(&auth), hosts);
        runtime.spawn(connections::serve(page, page_router));
        let token = auth.exchange(auth.key()).expect("the key").to_owned();
        Self {
            port,
            page: page_port,
            auth,
            code,
            token,
            runtime: Some(runtime),
        }
    }

    pub fn code(&self) -> &str {
        &self.code
    }

    /// The key in the address of the page.
    pub fn key(&self) -> &str {
        self.auth.key()
    }

    /// The address of the page.
    #[must_use]
    pub fn page_port(&self) -> u16 {
        self.page
    }

    /// The address of the page, with its key.
    #[cfg(target_os = "linux")]
    pub fn page_address(&self) -> String {
        format!("http://127.0.0.1:{}/#key={}", self.page, self.key())
    }

    /// Sends a request as a workbook does.
    pub fn send<T: DeserializeOwned + Send>(
        &self,
        token: Option<&str>,
        route: (Method, &str),
        body: &(impl Serialize + Sync),
    ) -> Result<T, Failure> {
        let address = format!("127.0.0.1:{}", self.port);
        // The test itself may run in a runtime.
        thread::scope(|scope| {
            let sent = scope.spawn(|| {
                let runtime = Builder::new_current_thread().enable_all().build();
                let sent = request::send(&address, token, route, body, DEADLINE);
                runtime.expect("a runtime").block_on(sent)
            });
            sent.join().expect("no panic")
        })
    }

    pub fn try_join(&self, code: &str, name: &str, id: &str) -> Result<Joined, Failure> {
        let student = Student {
            name: name.to_owned(),
            id: id.to_owned(),
        };
        let code = code.to_owned();
        self.send(None, (Method::POST, JOIN), &Join { code, student })
    }

    /// Joins, and returns the token.
    #[track_caller]
    pub fn join(&self, name: &str, id: &str) -> String {
        let joined = self.try_join(&self.code, name, id);
        let Joined { token, title } = joined.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(title, "A class");
        token
    }

    pub fn report(&self, token: &str, state: &LearnerState) -> Result<Received, Failure> {
        self.send(Some(token), (Method::PUT, STATE), state)
    }

    pub fn ask(&self, token: &str, exercise: &str, answer: &str) -> Result<(), Failure> {
        let ask = Ask {
            exercise: exercise.to_owned(),
            answer: answer.to_owned(),
            message: "Why?".to_owned(),
        };
        let asked = self.send::<IgnoredAny>(Some(token), (Method::POST, HELP), &ask);
        asked.map(drop)
    }

    /// What the page shows.
    #[track_caller]
    pub fn shown(&self) -> String {
        let (status, body) = self.of_page("GET", "/workbook/room/since/0", Some(&self.token), "");
        assert_eq!(status, 200, "{body}");
        let body: Value = serde_json::from_str(&body).expect("JSON");
        body["html"].as_str().expect("a text").to_owned()
    }

    /// Presses a button of the page.
    #[track_caller]
    pub fn press(&self, action: &str, body: &Value) {
        let path = format!("/workbook/room/{action}");
        let (status, body) = self.of_page("POST", &path, Some(&self.token), &body.to_string());
        assert_eq!(status, 200, "{body}");
    }

    /// A request to the server of the page.
    pub fn of_page(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: &str,
    ) -> (u16, String) {
        let token = token.map(|token| format!("Authorization: Bearer {token}\r\n"));
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{}Content-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.page,
            token.unwrap_or_default(),
            body.len()
        );
        raw(self.page, request.as_bytes())
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(DEADLINE);
        }
    }
}

/// Sends exact bytes. Returns the status, or 0 if the server has closed the connection, and the body.
pub fn raw(port: u16, request: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the server listens");
    stream
        .set_read_timeout(Some(DEADLINE))
        .expect("a socket can be set");
    // Fails if the server has seen enough.
    let _ = stream.write_all(request);
    let mut response = Vec::new();
    let _ = stream.read_to_end(&mut response);
    let response = String::from_utf8_lossy(&response).into_owned();
    let status = response
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let body = response
        .split_once("\r\n\r\n")
        .map(|(_, body)| body.to_owned());
    (status.unwrap_or(0), body.unwrap_or_default())
}

/// A state with this version, and exercises in these states.
pub fn state(version: u64, exercises: &[(&str, State, &[&str])]) -> LearnerState {
    let exercises = exercises.iter().map(|(name, state, mistakes)| {
        let state = ExerciseState {
            state: *state,
            minutes: 7,
            mistakes: mistakes.iter().map(|&mistake| mistake.to_owned()).collect(),
        };
        ((*name).to_owned(), state)
    });
    LearnerState {
        version,
        current: Some("gather/fetch_all".to_owned()),
        exercises: exercises.collect(),
    }
}

/// The status with which the room refuses something.
#[track_caller]
pub fn status<T>(result: Result<T, Failure>) -> u16 {
    match result {
        Ok(_) => 200,
        Err(Failure::Refused(status, why)) => {
            assert!(why.ends_with('.'), "not a sentence: {why}");
            status.as_u16()
        }
        Err(error) => panic!("{error}"),
    }
}

/// The files of a room.
pub fn files(folder: &Path) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for folder in [folder, &folder.join("learners")] {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".json") {
                let text = fs::read_to_string(entry.path()).expect("readable");
                found.insert(name, serde_json::from_str(&text).unwrap_or(json!(text)));
            }
        }
    }
    found
}
