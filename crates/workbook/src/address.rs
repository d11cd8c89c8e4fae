//! The address of the page, and how to open it in a browser.

use std::env;
use std::sync::Arc;

use anyhow::{Context, Result};

use crate::auth::Auth;

/// The address of the page.
pub struct Address {
    base: String,
    auth: Arc<Auth>,
}

impl Address {
    /// The address of a server on this port.
    pub fn new(port: u16, auth: Arc<Auth>) -> Self {
        Self {
            base: format!("http://127.0.0.1:{port}/"),
            auth,
        }
    }

    /// The address to open in a browser. It contains the key, so show it to the reader only.
    pub fn to_show(&self) -> String {
        format!("{}#key={}", self.base, self.auth.key())
    }

    /// Opens a page, such as `gather-exercises.html#fetch_all`, in a browser, or the first page if it is empty.
    ///
    /// # Errors
    ///
    /// If there is no browser, or the system does not provide random numbers.
    pub fn open(&self, page: &str) -> Result<()> {
        let (page, anchor) = page.split_once('#').unwrap_or((page, ""));
        let key = self.auth.one_time_key()?;
        let anchor = if anchor.is_empty() {
            String::new()
        } else {
            format!("&anchor={anchor}")
        };
        let address = format!("{}{page}#key={key}{anchor}", self.base);
        open::that_detached(address).with_context(|| {
            let shown = self.to_show();
            format!("No browser could be opened. Open this address yourself: {shown}")
        })
    }
}

/// Whether a browser that is opened here would be visible.
pub fn has_screen() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    if cfg!(any(windows, target_os = "macos")) {
        return !is_set("SSH_CONNECTION");
    }
    ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"]
        .into_iter()
        .any(is_set)
}
