//! The address of the page, and how to open it in a browser.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::auth::Auth;
use crate::storage;

/// The address of the page.
pub struct Address {
    /// `http://127.0.0.1:3000/`
    base: String,
    auth: Arc<Auth>,
    /// The page that a browser opens first.
    redirect: PathBuf,
}

impl Address {
    /// An address, such as `http://127.0.0.1:3000/`, of the server that has this port and serves the project in `root`.
    pub fn new(base: String, port: u16, root: &Path, auth: Arc<Auth>) -> Self {
        Self {
            base,
            auth,
            // Several tools may run at the same time.
            redirect: storage::folder(root).join(format!("open-{port}.html")),
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
    /// If there is no browser, the disk is not writable, or the system does not provide random numbers.
    pub fn open(&self, page: &str) -> Result<()> {
        let (page, anchor) = page.split_once('#').unwrap_or((page, ""));
        let key = self.auth.one_time_key()?;
        let anchor = if anchor.is_empty() {
            String::new()
        } else {
            format!("&anchor={anchor}")
        };
        let opened = self
            .write_redirect(&format!("{}{page}#key={key}{anchor}", self.base))
            .and_then(|()| Ok(open::that_detached(&self.redirect)?));
        opened.with_context(|| {
            let shown = self.to_show();
            format!("No browser could be opened. Open this address yourself: {shown}")
        })
    }

    /// Writes a page that leads to this address, and that only its owner may read. The browser gets the name of that
    /// file: every user of this machine may see the command line that starts it. (The idea is Jupyter's.)
    fn write_redirect(&self, address: &str) -> Result<()> {
        let folder = self.redirect.parent().context("A file lies in a folder.")?;
        fs::create_dir_all(folder)?;
        // A temporary file belongs to its owner alone from the start.
        let mut page = tempfile::NamedTempFile::new_in(folder)?;
        let address = address.replace('&', "&amp;");
        write!(
            page,
            "<!doctype html>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"refresh\" content=\"0; url={address}\">\n\
             <title>The workbook</title>\n<a href=\"{address}\">Open the workbook</a>\n"
        )?;
        page.persist(&self.redirect)?;
        Ok(())
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
