//! A reader's visit: a browser on the pages of a clone that the tool serves.

use fantoccini::Locator;
use serde_json::Value;

use crate::clone::Clone;
use crate::driver::Browser;
use crate::served::Served;
use crate::static_host;

/// A browser on the pages of a clone that the tool serves.
pub struct Visit {
    pub clone: Clone,
    pub served: Served,
    pub browser: Browser,
    /// The same book on a static host, without the tool: `http://127.0.0.1:3001/`
    pub static_host: String,
}

/// Errors in the browser's log that a test provokes.
pub type Expected = &'static [&'static str];

/// Visits the book. At the end, checks that the browser has logged no other errors than the expected ones, and has
/// sent no request to another host.
pub fn visit(expected: Expected, body: impl AsyncFnOnce(&mut Visit)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime can be created");
    runtime.block_on(async {
        let Some(browser) = Browser::start().await else {
            return;
        };
        let clone = Clone::new();
        let served = Served::start(&clone, 0);
        let static_host = static_host::serve(clone.root.join("book")).await;
        let mut visit = Visit {
            static_host,
            clone,
            served,
            browser,
        };
        visit.enter().await;
        body(&mut visit).await;
        visit.check_logs(expected).await;
    });
}

impl Visit {
    /// Opens the address that the terminal shows, and waits until the page is connected.
    pub async fn enter(&self) {
        self.go(&self.served.address).await;
        self.browser.until(LIVE).await;
    }

    /// Opens a page: `gather.html`.
    pub async fn open(&self, page: &str) {
        self.go(&format!("{}{page}", self.served.base)).await;
        self.browser.until(LIVE).await;
    }

    /// Opens an address.
    pub async fn go(&self, address: &str) {
        let opened = self.browser.client.goto(address).await;
        opened.unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    /// Waits for a visible button with this label inside an element, and presses it.
    #[track_caller]
    pub fn press<'v>(&'v self, inside: &str, label: &str) -> impl Future<Output = ()> + use<'v> {
        let find = format!(
            "[...document.querySelectorAll({inside:?} + ' button')]
               .find((button) => button.textContent.trim() === {label:?} && button.checkVisibility())"
        );
        let there = self.browser.until(&find);
        async move {
            there.await;
            self.browser.js(&format!("{find}.click()")).await;
        }
    }

    /// Types text into a field.
    pub async fn write(&self, field: &str, text: &str) {
        self.keys(field, text).await;
    }

    /// Sends keys to an element. Special keys are the characters that WebDriver defines for them.
    pub async fn keys(&self, element: &str, keys: &str) {
        let found = self.browser.client.find(Locator::Css(element)).await;
        let found = found.unwrap_or_else(|error| panic!("{element}: {error}"));
        let pressed = found.send_keys(keys).await;
        pressed.unwrap_or_else(|error| panic!("{element}: {error}"));
    }

    /// Waits until an element contains this text.
    #[track_caller]
    pub fn reads<'v>(&'v self, element: &str, text: &str) -> impl Future<Output = ()> + use<'v> {
        let expression =
            format!("document.querySelector({element:?})?.innerText.includes({text:?})");
        self.browser.until(&expression)
    }

    async fn check_logs(&self, expected: Expected) {
        let errors: Vec<String> = self
            .browser
            .log("browser")
            .await
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .filter(|error| !expected.iter().any(|expected| error.contains(expected)))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let log = self.browser.log("performance").await;
        let blocked: Vec<_> = log.iter().filter_map(blocked_by_policy).collect();
        let requested: Vec<String> = log
            .iter()
            .filter_map(request_of)
            .filter(|(id, _)| !blocked.contains(id))
            .map(|(_, url)| url)
            .collect();
        assert!(
            requested
                .iter()
                .any(|url| url.starts_with(&self.served.base)),
            "the log has no request to the tool: {requested:?}"
        );
        let local = [
            &*self.served.base,
            &*self.static_host,
            "file:",
            "data:",
            "blob:",
            "about:",
            "chrome",
        ];
        let foreign: Vec<_> = requested
            .iter()
            .filter(|url| !local.iter().any(|local| url.starts_with(local)))
            .collect();
        assert!(foreign.is_empty(), "{foreign:#?}");
    }
}

/// The page is loaded and receives events.
pub const LIVE: &str = "document.readyState === 'complete' && \
                        document.documentElement.dataset.connection === 'live'";

/// The id and the address of a request, if an entry of the performance log is about one.
fn request_of(entry: &Value) -> Option<(String, String)> {
    let request = message(entry, "Network.requestWillBeSent")?;
    let url = request["request"]["url"].as_str()?;
    Some((id_of(&request)?, url.to_owned()))
}

/// The id of a request that the page's content security policy has blocked.
fn blocked_by_policy(entry: &Value) -> Option<String> {
    let failed = message(entry, "Network.loadingFailed")?;
    (failed["blockedReason"] == "csp").then(|| id_of(&failed))?
}

fn message(entry: &Value, method: &str) -> Option<Value> {
    let mut entry: Value = serde_json::from_str(entry["message"].as_str()?).ok()?;
    let message = entry["message"].take();
    (message["method"] == method).then(|| message["params"].clone())
}

fn id_of(request: &Value) -> Option<String> {
    Some(request["requestId"].as_str()?.to_owned())
}
