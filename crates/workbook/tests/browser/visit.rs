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
    /// The same book on a host that knows nothing of the tool: `http://127.0.0.1:3001/`
    pub static_host: String,
}

/// What the browser may complain of in the end: refusals that a test has asked for.
pub type Expected = &'static [&'static str];

/// Visits the book. In the end nothing may have gone wrong on its pages, but for what is expected, and
/// nobody else on the net may have been asked for anything.
pub fn visit(expected: Expected, body: impl AsyncFnOnce(&mut Visit)) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("there is a runtime");
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
        visit.nothing_went_wrong(expected).await;
    });
}

impl Visit {
    /// Opens the address that the terminal shows, and waits until the page is let in.
    pub async fn enter(&self) {
        self.go(&self.served.address).await;
        self.browser.until(LIVE).await;
    }

    /// Opens a page: `gather.html`.
    pub async fn open(&self, page: &str) {
        self.go(&format!("{}{page}", self.served.base)).await;
        self.browser.until(LIVE).await;
    }

    pub async fn go(&self, address: &str) {
        let gone = self.browser.client.goto(address).await;
        gone.unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    /// Presses the button with these words inside an element, as soon as there is one.
    #[track_caller]
    pub fn press<'v>(&'v self, inside: &str, words: &str) -> impl Future<Output = ()> + use<'v> {
        let find = format!(
            "[...document.querySelectorAll({inside:?} + ' button')]
               .find((button) => button.textContent.trim() === {words:?} && button.checkVisibility())"
        );
        let there = self.browser.until(&find);
        async move {
            there.await;
            self.browser.js(&format!("{find}.click()")).await;
        }
    }

    /// Writes into a field.
    pub async fn write(&self, field: &str, text: &str) {
        self.keys(field, text).await;
    }

    /// Presses keys where an element is, one after the other; special keys have their WebDriver letters.
    pub async fn keys(&self, element: &str, keys: &str) {
        let found = self.browser.client.find(Locator::Css(element)).await;
        let found = found.unwrap_or_else(|error| panic!("{element}: {error}"));
        let pressed = found.send_keys(keys).await;
        pressed.unwrap_or_else(|error| panic!("{element}: {error}"));
    }

    /// Waits until an element's text has these words.
    #[track_caller]
    pub fn reads<'v>(&'v self, element: &str, words: &str) -> impl Future<Output = ()> + use<'v> {
        let expression =
            format!("document.querySelector({element:?})?.innerText.includes({words:?})");
        self.browser.until(&expression)
    }

    async fn nothing_went_wrong(&self, expected: Expected) {
        let complaints: Vec<String> = self
            .browser
            .log("browser")
            .await
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .filter(|said| !expected.iter().any(|expected| said.contains(expected)))
            .collect();
        assert!(complaints.is_empty(), "{complaints:#?}");
        let log = self.browser.log("performance").await;
        let blocked: Vec<_> = log.iter().filter_map(blocked_by_policy).collect();
        let asked: Vec<String> = log
            .iter()
            .filter_map(request_of)
            .filter(|(id, _)| !blocked.contains(id))
            .map(|(_, url)| url)
            .collect();
        assert!(
            asked.iter().any(|url| url.starts_with(&self.served.base)),
            "what the browser asks for is not seen: {asked:?}"
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
        let abroad: Vec<_> = asked
            .iter()
            .filter(|url| !local.iter().any(|local| url.starts_with(local)))
            .collect();
        assert!(abroad.is_empty(), "{abroad:#?}");
    }
}

/// The page is let in and hears what happens.
pub const LIVE: &str = "document.readyState === 'complete' && \
                        document.documentElement.dataset.connection === 'live'";

/// The number and the address of a request, if an entry of the performance log is about one.
fn request_of(entry: &Value) -> Option<(String, String)> {
    let request = message(entry, "Network.requestWillBeSent")?;
    let url = request["request"]["url"].as_str()?;
    Some((id_of(&request)?, url.to_owned()))
}

/// The number of a request that the page's own policy kept from leaving the browser.
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
