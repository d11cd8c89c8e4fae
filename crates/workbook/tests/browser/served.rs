//! The tool that serves the book of a clone.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use crate::clone::Clone;

/// The tool, as long as this lives.
pub struct Served {
    tool: Child,
    /// `http://127.0.0.1:3000/`
    pub base: String,
    /// The same with the key that lets a page in.
    pub address: String,
}

impl Served {
    /// Starts the tool on this port, or on any that is free.
    pub fn start(clone: &Clone, port: u16) -> Self {
        let mut tool = clone
            .workbook(&["serve", "--no-open", "--port", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the tool can be started");
        let said = BufReader::new(tool.stdout.take().expect("piped"));
        let mut lines = said.lines().map_while(Result::ok);
        let address = lines
            .find_map(|line| Some(line.trim().to_owned()).filter(|line| line.starts_with("http")))
            .expect("it says where it is");
        // What it says after that nobody waits for.
        std::thread::spawn(move || lines.for_each(drop));
        let (base, _) = address.split_once('#').expect("it has a key");
        Self {
            base: base.to_owned(),
            address,
            tool,
        }
    }

    /// The key in the address.
    pub fn key(&self) -> &str {
        let (_, key) = self.address.split_once("#key=").expect("it has one");
        key
    }

    /// The port.
    pub fn port(&self) -> u16 {
        let (_, port) = self
            .base
            .trim_end_matches('/')
            .rsplit_once(':')
            .expect("it has one");
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
