//! A browser, driven over WebDriver by chromedriver, which has to be on this machine.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::{ParseError, Url};

/// Whoever sets this variable wants no test to be skipped.
pub const REQUIRED: &str = "BROWSER_REQUIRED";

/// Far longer than anything here takes: what has not come by then does not come.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// How often it is looked whether something has come.
const PAUSE: Duration = Duration::from_millis(20);

const ARGUMENTS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-device-scale-factor=1",
    "--window-size=1280,1000",
];

/// Where Debian's package chromium-headless-shell puts it. (What is in PATH is a script around it, and
/// whoever ends that has not ended the browser.)
const HEADLESS_SHELL: &str = "/usr/lib/chromium/chromium-headless-shell";

/// One browser without a past.
pub struct Browser {
    pub client: Client,
    driver: Child,
    port: u16,
    session: String,
    /// The browser's profile and whatever else the two leave behind, which goes when they are gone.
    _left: TempDir,
}

impl Browser {
    /// `None` where there is no chromedriver, after saying so.
    ///
    /// # Panics
    ///
    /// If there is none and one is required, or it finds no browser.
    pub async fn start() -> Option<Self> {
        let left = tempfile::tempdir().expect("there is room for a profile");
        let Some((driver, port)) = chromedriver(left.path()) else {
            let said = "Skipped: tests in a browser, because chromedriver is not here. Install Chromium and \
                        its driver (on Debian the package chromium-driver).";
            assert!(std::env::var_os(REQUIRED).is_none(), "{said}");
            let _ = writeln!(std::io::stderr(), "\n{said}\n");
            test_cache::skipped();
            return None;
        };
        let mut options = json!({ "args": ARGUMENTS });
        if let Some(shell) = headless_shell() {
            options["binary"] = json!(shell);
        }
        let capabilities = json!({
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().expect("it is one").clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("chromedriver finds a browser");
        let session = client.session_id().await.expect("it lives");
        Some(Self {
            session: session.expect("it has begun"),
            client,
            driver,
            port,
            _left: left,
        })
    }

    /// What a script of the page's gives back.
    #[track_caller]
    pub fn js<'b>(&'b self, script: &str) -> impl Future<Output = Value> + use<'b> {
        let place = std::panic::Location::caller();
        let script = script.to_owned();
        async move {
            let ran = self.client.execute(&script, Vec::new()).await;
            ran.unwrap_or_else(|error| panic!("{place}: {script}: {error}"))
        }
    }

    /// Waits until an expression of the page's is true.
    #[track_caller]
    pub fn until<'b>(&'b self, expression: &str) -> impl Future<Output = ()> + use<'b> {
        let place = std::panic::Location::caller();
        let script = format!("return Boolean({expression})");
        async move {
            let begun = Instant::now();
            // A page that is being loaded has no answer yet.
            while self.client.execute(&script, Vec::new()).await.ok() != Some(json!(true)) {
                if begun.elapsed() > DEADLINE {
                    let shown = self.js("return document.body.innerText").await;
                    let shown = shown.as_str().unwrap_or_default().to_owned();
                    panic!("{place}: not true: {script}\nThe page shows:\n{shown}");
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// A command of Chrome's own protocol.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.issue("goog/cdp/execute", body).await
    }

    /// What was logged since the last time: of `browser`, what went wrong on the page; of `performance`,
    /// what the browser did.
    pub async fn log(&self, of: &str) -> Vec<Value> {
        let log = self.issue("se/log", json!({ "type": of })).await;
        log.as_array().cloned().unwrap_or_default()
    }

    async fn issue(&self, path: &'static str, body: Value) -> Value {
        let answer = self.client.issue_cmd(Raw { path, body }).await;
        answer.unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The session's end ends the browser, which the end of its driver does not.
        let request = format!(
            "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
            self.session, self.port
        );
        if let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)) {
            let _ = stream.set_read_timeout(Some(DEADLINE));
            let _ = stream.write_all(request.as_bytes());
            let _ = stream.read(&mut [0; 64]);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Chromium without the parts that draw windows: it starts in a quarter of the time. Where there is none,
/// chromedriver takes the whole browser.
fn headless_shell() -> Option<&'static Path> {
    let shell = Path::new(HEADLESS_SHELL);
    shell.is_file().then_some(shell)
}

/// chromedriver on a port of its choice, with its files and its browser's in this folder.
fn chromedriver(files: &Path) -> Option<(Child, u16)> {
    // It looks for a free port and then takes it, and now and then somebody else was quicker.
    for _ in 0..5 {
        let (mut driver, port) = try_chromedriver(files)?;
        if let Some(port) = port {
            return Some((driver, port));
        }
        let _ = driver.wait();
    }
    panic!("chromedriver ends before it says on which port it is");
}

fn try_chromedriver(files: &Path) -> Option<(Child, Option<u16>)> {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .env("TMPDIR", files)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let said = BufReader::new(driver.stdout.take().expect("piped"));
    let port = said.lines().map_while(Result::ok).find_map(|line| {
        let (_, port) = line.rsplit_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    Some((driver, port))
}

#[derive(Debug)]
struct Raw {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Raw {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/{}", self.path))
    }

    fn method_and_body(&self, _: &Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
