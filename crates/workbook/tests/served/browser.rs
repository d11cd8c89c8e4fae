//! Opens a browser.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::client::DEADLINE;
use crate::executable::make_executable;
use crate::server::Server;
use crate::workbook::Workbook;

/// The tool on a machine whose browser records its command line.
struct Machine {
    workbook: Workbook,
    tool: Command,
    /// The command line that the browser got.
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
        make_executable(&workbook.path(browser));
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

    /// Waits until everything has been graded once, and returns whether no browser was opened.
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
fn opens_a_browser_with_a_key_that_works_once() {
    let mut machine = Machine::new();
    machine.tool.env("DISPLAY", ":0");
    let server = Server::run(machine.workbook, machine.tool);
    let start = Instant::now();
    while !machine.opened.exists() {
        assert!(start.elapsed() < DEADLINE, "no browser was opened");
        #[expect(clippy::disallowed_methods, reason = "another process takes its time")]
        thread::sleep(Duration::from_millis(5));
    }
    let command_line = fs::read_to_string(machine.opened).unwrap();
    // Every user may read the command line, but not the file.
    assert!(!command_line.contains("key"), "{command_line}");
    let file = Path::new(&command_line);
    let mode = file.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "{command_line}");
    let page = fs::read_to_string(file).unwrap();
    let start = format!("content=\"0; url=http://{}/#key=", server.host());
    let key = page
        .split_once(&start)
        .and_then(|(_, rest)| rest.split_once('"'));
    let (key, _) = key.unwrap_or_else(|| panic!("{page}"));
    // What is in the file works once, unlike what the terminal shows.
    assert_ne!(key, server.key);
    let token = &server.open(key).is(200)["token"];
    assert_eq!(token, &server.token());
    let again = server.open(key);
    assert_eq!(again.status, 401);
    assert!(again.error().contains("has been used"));
}

#[test_cache::test]
fn opens_no_browser_without_a_screen() {
    assert!(Machine::new().opens_nothing());
}

#[test_cache::test]
fn opens_no_browser_with_no_open() {
    let mut machine = Machine::new();
    machine.tool.env("DISPLAY", ":0").arg("--no-open");
    assert!(machine.opens_nothing());
}
