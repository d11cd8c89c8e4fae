//! A process of the service, its log, and its folder.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::Value;
use service::http::Accepted;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::timeout;

/// Far longer than anything here takes.
const DEADLINE: Duration = Duration::from_secs(60);

/// Settings with which no test waits for long. Later ones of the same name count.
const DEFAULTS: &[(&str, &str)] = &[
    ("SERVICE_LISTEN", "127.0.0.1:0"),
    ("SERVICE_PROBES", "127.0.0.1:0"),
    ("SERVICE_WORK", "1ms"),
    ("SERVICE_UNREADY", "0ms"),
    ("SERVICE_DRAIN", "20s"),
    ("SERVICE_CLOSE", "5s"),
    ("SERVICE_GRACE", "60m"),
    ("SERVICE_LOG", "debug"),
];

/// A process that is killed when it is dropped.
pub struct Service {
    child: Child,
    log: watch::Receiver<Vec<Value>>,
}

/// How a process has ended.
pub struct Ended {
    pub status: ExitStatus,
    pub log: Vec<Value>,
    pub stderr: String,
}

impl Service {
    /// Starts the program, and does not wait for anything.
    pub fn spawn(folder: &Path, settings: &[(&str, &str)]) -> Self {
        Self::spawn_as(
            Command::new(env!("CARGO_BIN_EXE_service")),
            folder,
            settings,
        )
    }

    pub fn spawn_as(mut command: Command, folder: &Path, settings: &[(&str, &str)]) -> Self {
        command
            .env_clear()
            .env("SERVICE_DATA", folder)
            .envs(DEFAULTS.iter().chain(settings).copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().expect("the program starts");
        let stdout = child.stdout.take().expect("stdout is a pipe");
        let (events, log) = watch::channel(Vec::new());
        tokio::spawn(async move {
            let mut lines = BufReader::new(stdout).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let event = serde_json::from_str(&line).unwrap_or(Value::String(line));
                events.send_modify(|log| log.push(event));
            }
        });
        Self { child, log }
    }

    /// Starts the program, and waits until it is ready.
    pub async fn start(folder: &Path, settings: &[(&str, &str)]) -> Self {
        let mut service = Self::spawn(folder, settings);
        service.logged("ready").await;
        service
    }

    /// Waits until an event is in the log, and returns it.
    pub async fn logged(&mut self, message: &str) -> Value {
        let is_there = |log: &Vec<Value>| log.iter().any(|event| event["message"] == message);
        let waited = within(self.log.wait_for(is_there)).await.is_ok();
        let log = self.log.borrow().clone();
        assert!(waited, "ended without `{message}`: {log:#?}");
        let event = log.into_iter().find(|event| event["message"] == message);
        event.expect("it was there")
    }

    /// The address of the API, of a service that is ready.
    pub async fn api(&mut self) -> String {
        url(&self.logged("ready").await)
    }

    /// The address of the probes.
    pub async fn probes(&mut self) -> String {
        url(&self.logged("answers probes").await)
    }

    /// What the probes `live`, `ready` and `startup` answer.
    pub async fn health(&mut self) -> [u16; 3] {
        let probes = self.probes().await;
        let mut statuses = [0; 3];
        for (status, probe) in statuses.iter_mut().zip(["live", "ready", "startup"]) {
            let response = client().get(format!("{probes}/{probe}")).send().await;
            *status = response.expect("the probes answer").status().as_u16();
        }
        statuses
    }

    pub fn signal(&self, signal: &str) {
        send(signal, self.child.id().expect("the process runs"));
    }

    /// Waits for the end of the process.
    pub async fn ended(mut self) -> Ended {
        let status = within(self.child.wait()).await.expect("it is a child");
        let mut stderr = String::new();
        let mut pipe = self.child.stderr.take().expect("stderr is a pipe");
        within(pipe.read_to_string(&mut stderr))
            .await
            .expect("stderr is text");
        while within(self.log.changed()).await.is_ok() {} // until all lines are read
        let log = self.log.borrow().clone();
        Ended {
            status,
            log,
            stderr,
        }
    }

    /// Asks the process to stop, and waits for its end.
    pub async fn stop(self) -> Ended {
        self.signal("TERM");
        self.ended().await
    }
}

impl Ended {
    #[track_caller]
    pub fn assert_code(&self, code: i32) {
        let actual = self.status.code();
        assert_eq!(actual, Some(code), "{:#?}\n{}", self.log, self.stderr);
    }

    /// The messages of the log that are in `expected`, in the order of the log.
    #[track_caller]
    pub fn assert_order(&self, expected: &[&str]) {
        let messages = self
            .log
            .iter()
            .filter_map(|event| event["message"].as_str());
        let messages: Vec<_> = messages.filter(|text| expected.contains(text)).collect();
        assert_eq!(messages, expected);
    }

    #[track_caller]
    pub fn event(&self, message: &str) -> &Value {
        let event = self.log.iter().find(|event| event["message"] == message);
        event.unwrap_or_else(|| panic!("`{message}` is not in the log: {:#?}", self.log))
    }

    pub fn has(&self, message: &str) -> bool {
        self.log.iter().any(|event| event["message"] == message)
    }
}

pub fn send(signal: &str, pid: u32) {
    let kill = std::process::Command::new("sh")
        .args(["-c", "kill -s $0 $1", signal, &pid.to_string()])
        .status();
    assert!(kill.expect("a shell starts").success());
}

fn url(event: &Value) -> String {
    format!("http://{}", event["address"].as_str().expect("an address"))
}

pub fn client() -> Client {
    let client = Client::builder().no_proxy().timeout(DEADLINE).build();
    client.expect("a client without TLS needs nothing")
}

/// Posts a job, and returns its number or what went wrong.
pub async fn post(client: &Client, api: &str, text: &str) -> Result<u64, String> {
    let body = serde_json::json!({ "text": text });
    let request = client.post(format!("{api}/jobs")).json(&body);
    let response = request.send().await.map_err(|error| format!("{error:?}"))?;
    if response.status() != StatusCode::ACCEPTED {
        return Err(response.status().to_string());
    }
    let accepted = response.json::<Accepted>().await;
    Ok(accepted.map_err(|error| format!("{error:?}"))?.id)
}

/// Waits until a job is done, and returns how many words it has.
pub async fn words(client: &Client, api: &str, id: u64) -> Result<u64, String> {
    let request = client.get(format!("{api}/jobs/{id}/result"));
    let response = request.send().await.map_err(|error| format!("{error:?}"))?;
    if response.status() != StatusCode::OK {
        return Err(response.status().to_string());
    }
    let job = response.json::<Value>().await;
    let job = job.map_err(|error| format!("{error:?}"))?;
    job["words"].as_u64().ok_or_else(|| job.to_string())
}

/// Fails instead of waiting forever.
pub async fn within<T>(future: impl Future<Output = T>) -> T {
    timeout(DEADLINE, future).await.expect("takes far too long")
}
