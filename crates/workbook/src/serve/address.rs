//! Where the page is, and how to open it.

use std::env;
use std::sync::Arc;

use anyhow::{Context, Result};

use super::door::Door;

/// Where the page is.
pub struct Address {
    base: String,
    door: Arc<Door>,
}

impl Address {
    /// Of a server on this port, behind this door.
    pub fn new(port: u16, door: Arc<Door>) -> Self {
        Self {
            base: format!("http://127.0.0.1:{port}/"),
            door,
        }
    }

    /// What to open in a browser, for the reader's eyes alone.
    pub fn to_show(&self) -> String {
        format!("{}#key={}", self.base, self.door.key())
    }

    /// Opens a page in a browser: `gather-exercises.html#fetch_all`, or the first one if it is empty.
    ///
    /// # Errors
    ///
    /// If there is no browser, or the system gives no random numbers.
    pub fn open(&self, page: &str) -> Result<()> {
        let (page, place) = page.split_once('#').unwrap_or((page, ""));
        let key = self.door.ticket()?;
        let place = if place.is_empty() {
            String::new()
        } else {
            format!("&at={place}")
        };
        let address = format!("{}{page}#key={key}{place}", self.base);
        open::that_detached(address).with_context(|| {
            let shown = self.to_show();
            format!("No browser could be opened. Open this address yourself: {shown}")
        })
    }
}

/// Whether a browser that is opened here would be seen.
pub fn has_screen() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(any(windows, target_os = "macos")) {
        return !is_set("SSH_CONNECTION");
    }
    ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"]
        .into_iter()
        .any(is_set)
}
