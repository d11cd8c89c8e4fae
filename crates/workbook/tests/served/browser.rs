//! Opening a browser.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::DEADLINE;
use crate::server::Server;
use crate::workbook::Workbook;

/// The tool on a machine whose browser writes down what it is to open.
struct Machine {
    workbook: Workbook,
    tool: Command,
    /// What the browser got.
    opened: PathBuf,
}

impl Machine {
    fn new() -> Self {
        let workbook = Workbook::new();
        let opened = workbook.path("opened");
        let browser = "bin/xdg-open";
        let script = format!(
            "#!/bin/sh\nprintf %s \"$1\" > {0}.new\n/bin/mv {0}.new {0}\n",
            opened.display()
        );
        workbook.write(browser, &script);
        let executable = Permissions::from_mode(0o755);
        fs::set_permissions(workbook.path(browser), executable).unwrap();
        let mut tool = workbook.tool();
        tool.args(["serve", "--port", "0"])
            .env("PATH", workbook.path("bin"));
        for screen in ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"] {
            tool.env_remove(screen);
        }
        Self {
            workbook,
            tool,
            opened,
        }
    }

    /// Whether no browser is opened until everything has been graded once.
    fn opens_nothing(self) -> bool {
        let Self {
            workbook,
            tool,
            opened,
        } = self;
        let server = Server::run(workbook, tool);
        server.settles();
        !opened.exists()
    }
}

#[test_cache::test]
fn a_browser_gets_a_key_that_works_once() {
    let mut machine = Machine::new();
    machine.tool.env("DISPLAY", ":0");
    let server = Server::run(machine.workbook, machine.tool);
    let start = Instant::now();
    while !machine.opened.exists() {
        assert!(start.elapsed() < DEADLINE, "no browser was opened");
        #[expect(clippy::disallowed_methods, reason = "another process takes its time")]
        thread::sleep(Duration::from_millis(5));
    }
    let address = fs::read_to_string(machine.opened).unwrap();
    let key = address.strip_prefix(&format!("http://{}/#key=", server.host()));
    let key = key.unwrap_or_else(|| panic!("{address}"));
    // Other users of this machine may see the command; the key that the terminal shows is not in it.
    assert_ne!(key, server.key);
    let token = &server.open(key).is(200)["token"];
    assert_eq!(token, &server.token());
    let again = server.open(key);
    assert_eq!(again.status, 401);
    assert!(again.error().contains("has been used"));
}

#[test_cache::test]
fn without_a_screen_no_browser_is_opened() {
    assert!(Machine::new().opens_nothing());
}

#[test_cache::test]
fn no_browser_is_opened_for_those_who_want_none() {
    let mut machine = Machine::new();
    machine.tool.env("DISPLAY", ":0").arg("--no-open");
    assert!(machine.opens_nothing());
}
