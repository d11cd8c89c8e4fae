//! A browser, driven over WebDriver by chromedriver, which has to be installed.

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

/// If this variable is set, a test that would be skipped fails.
pub const REQUIRED: &str = "BROWSER_REQUIRED";

/// Far longer than anything here takes.
pub const DEADLINE: Duration = Duration::from_secs(180);

/// The time between two looks at the page.
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

/// Where Debian's package chromium-headless-shell installs it. (PATH has a script around it; killing the script
/// would not kill the browser.)
const HEADLESS_SHELL: &str = "/usr/lib/chromium/chromium-headless-shell";

/// A browser with an empty profile.
pub struct Browser {
    pub client: Client,
    driver: Child,
    port: u16,
    session: String,
    /// The browser's profile and the other files of the two, which are removed after they have ended.
    _files: TempDir,
}

impl Browser {
    /// `None` if there is no chromedriver, after a message about that.
    ///
    /// # Panics
    ///
    /// If there is no chromedriver but it is required, or it finds no browser.
    pub async fn start() -> Option<Self> {
        let files = tempfile::tempdir().expect("a folder for the profile can be created");
        let Some((driver, port)) = chromedriver(files.path()) else {
            let message = "Skipped: tests in a browser, because chromedriver is missing. Install Chromium and \
                           its driver (on Debian the package chromium-driver).";
            assert!(std::env::var_os(REQUIRED).is_none(), "{message}");
            let _ = writeln!(std::io::stderr(), "\n{message}\n");
            test_cache::skipped();
            return None;
        };
        let mut options = json!({ "args": ARGUMENTS });
        if let Some(shell) = headless_shell() {
            options["binary"] = json!(shell);
        }
        let capabilities = json!({
            "goog:chromeOptions": options,
            "timeouts": { "script": DEADLINE.as_millis() as u64 },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.as_object().expect("an object").clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .expect("chromedriver finds a browser");
        let session = client.session_id().await.expect("the driver runs");
        Some(Self {
            session: session.expect("the session has started"),
            client,
            driver,
            port,
            _files: files,
        })
    }

    /// Runs a script on the page, and returns its result.
    #[track_caller]
    pub fn js<'b>(&'b self, script: &str) -> impl Future<Output = Value> + use<'b> {
        let place = std::panic::Location::caller();
        let script = script.to_owned();
        async move {
            let ran = self.client.execute(&script, Vec::new()).await;
            ran.unwrap_or_else(|error| panic!("{place}: {script}: {error}"))
        }
    }

    /// Waits until an expression is true on the page.
    #[track_caller]
    pub fn until<'b>(&'b self, expression: &str) -> impl Future<Output = ()> + use<'b> {
        let place = std::panic::Location::caller();
        let script = format!("return Boolean({expression})");
        async move {
            let start = Instant::now();
            // While the page is being loaded, this fails.
            while self.client.execute(&script, Vec::new()).await.ok() != Some(json!(true)) {
                if start.elapsed() > DEADLINE {
                    let shown = self.js("return document.body.innerText").await;
                    let shown = shown.as_str().unwrap_or_default().to_owned();
                    panic!("{place}: not true: {script}\nThe page shows:\n{shown}");
                }
                tokio::time::sleep(PAUSE).await;
            }
        }
    }

    /// Sends a command of the Chrome DevTools Protocol.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.issue("goog/cdp/execute", body).await
    }

    /// The new entries of a log: `browser` has the errors on the page, `performance` has what the browser did.
    pub async fn log(&self, name: &str) -> Vec<Value> {
        let log = self.issue("se/log", json!({ "type": name })).await;
        log.as_array().cloned().unwrap_or_default()
    }

    async fn issue(&self, path: &'static str, body: Value) -> Value {
        let response = self.client.issue_cmd(Raw { path, body }).await;
        response.unwrap_or_else(|error| panic!("{path}: {error}"))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ending the session ends the browser; killing the driver does not.
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

/// Chromium without the parts that draw windows, which starts in a quarter of the time. If it is not installed,
/// chromedriver uses the full browser.
fn headless_shell() -> Option<&'static Path> {
    let shell = Path::new(HEADLESS_SHELL);
    shell.is_file().then_some(shell)
}

/// Starts chromedriver on a port of its choice. Its files, and those of its browser, go into this folder.
fn chromedriver(files: &Path) -> Option<(Child, u16)> {
    // It finds a free port before it binds it, and in between another process may take it.
    for _ in 0..5 {
        let (mut driver, port) = try_chromedriver(files)?;
        if let Some(port) = port {
            return Some((driver, port));
        }
        let _ = driver.wait();
    }
    panic!("chromedriver exits before it prints its port");
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
    let stdout = BufReader::new(driver.stdout.take().expect("piped"));
    let port = stdout.lines().map_while(Result::ok).find_map(|line| {
        let (_, port) = line.rsplit_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    Some((driver, port))
}

/// A command that fantoccini has no method for.
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
