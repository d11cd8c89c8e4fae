//! The tool that serves the book of a clone.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::clone::Clone;

/// A running tool, which ends when this is dropped.
pub struct Served {
    tool: Child,
    /// `http://127.0.0.1:3000/`
    pub base: String,
    /// The same with the key.
    pub address: String,
}

impl Served {
    /// Starts the tool on this port, or on a free one if it is 0.
    pub fn start(clone: &Clone, port: u16) -> Self {
        let mut tool = clone
            .workbook(&["serve", "--no-open", "--port", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the tool can be started");
        let stdout = BufReader::new(tool.stdout.take().expect("piped"));
        let mut lines = stdout.lines().map_while(Result::ok);
        let address = lines
            .find_map(|line| Some(line.trim().to_owned()).filter(|line| line.starts_with("http")))
            .expect("the tool prints its address");
        // The rest of its output is read and ignored, so that the pipe never fills up.
        std::thread::spawn(move || lines.for_each(drop));
        let (base, _) = address.split_once('#').expect("the address has a key");
        Self {
            base: base.to_owned(),
            address,
            tool,
        }
    }

    /// The key in the address.
    pub fn key(&self) -> &str {
        let (_, key) = self
            .address
            .split_once("#key=")
            .expect("the address has a key");
        key
    }

    /// The port.
    pub fn port(&self) -> u16 {
        let (_, port) = self
            .base
            .trim_end_matches('/')
            .rsplit_once(':')
            .expect("the address has a port");
        port.parse().expect("a number")
    }
}

impl Served {
    /// Ends the tool.
    pub fn stop(&mut self) {
        // It may have been ended already.
        let _ = self.tool.kill();
        let _ = self.tool.wait();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop();
    }
}
