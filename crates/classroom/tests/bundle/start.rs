//! `start.sh`, which is what learners run, with programs in place of cargo.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::{Command, Output};

use crate::executable::make_executable;
use crate::small::{Small, succeeds};

/// A USB stick with a bundle, and a machine with a home folder.
struct Machine {
    small: Small,
}

impl Machine {
    fn new() -> Self {
        let small = Small::new();
        for folder in ["stick at work", "home", "bin"] {
            fs::create_dir(small.path(folder)).expect("writable");
        }
        let stick = small.path("stick at work");
        succeeds(small.bundle(&["--output", stick.to_str().expect("UTF-8")]));
        let machine = Self { small };
        machine.cargo("1.95.0 (f2d3ce0bd 2026-03-21)");
        machine
    }

    /// A cargo of this version, which prints where and how it was called.
    fn cargo(&self, version: &str) {
        let script = format!(
            "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'cargo {version}'; else pwd; printf '<%s>' \"$@\"; fi\n"
        );
        self.small.write("bin/cargo", &script);
        make_executable(&self.small.path("bin/cargo"));
    }

    fn start(&self, script: &str, arguments: &[&str]) -> Output {
        let mut start = Command::new("sh");
        start.arg(self.small.path(script)).args(arguments);
        start.env("HOME", self.small.path("home"));
        let path = std::env::var("PATH").unwrap_or_default();
        start.env(
            "PATH",
            format!("{}:{path}", self.small.path("bin").display()),
        );
        start.env_remove("WORKBOOK_FOLDER");
        start.output().expect("it starts")
    }
}

const ON_STICK: &str = "stick at work/start.sh";

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test_cache::test]
fn it_unpacks_once_and_hands_the_command_on() {
    let machine = Machine::new();
    let first = said(&machine.start(ON_STICK, &["check", "a b"]));
    let folder = machine.small.path("home/async-rust-workbook");
    assert!(first.contains("Unpacking the workbook to"), "{first}");
    let called = format!("{}\n<workbook><check><a b>", folder.display());
    assert!(first.ends_with(&called), "{first}");
    assert_eq!(machine.small.names("home"), ["async-rust-workbook"]);

    let answer = "home/async-rust-workbook/exercises/src/demo.rs";
    machine.small.write(answer, "an answer\n");
    let second = said(&machine.start(ON_STICK, &[]));
    assert!(
        second.contains("is in") && second.contains("are kept"),
        "{second}"
    );
    assert!(second.ends_with("<workbook>"), "{second}");
    let kept = fs::read_to_string(machine.small.path(answer));
    assert_eq!(kept.expect("it is there"), "an answer\n");

    // The script in the unpacked folder starts that workbook.
    let own = said(&machine.start("home/async-rust-workbook/start.sh", &["doctor"]));
    assert!(
        own.ends_with(&format!("{}\n<workbook><doctor>", folder.display())),
        "{own}"
    );
}

#[test_cache::test]
fn it_says_what_is_missing() {
    let machine = Machine::new();
    let fails = |says: &str| {
        let output = machine.start(ON_STICK, &[]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.contains(says), "{message}");
    };
    machine.cargo("1.88.1 (0 2025-01-01)");
    fails("needs Rust 1.89 or later, and this is 1.88.1");
    machine.cargo("1.95.0-nightly (0 2026-01-01)");
    machine.small.write("home/async-rust-workbook/notes", "");
    fails("is not a workbook");
    fs::remove_dir_all(machine.small.path("home/async-rust-workbook")).expect("it is there");
    let archive = "stick at work/workbook-bundle.tar.gz";
    let bytes = fs::read(machine.small.path(archive)).expect("it is there");
    fs::write(machine.small.path(archive), &bytes[..bytes.len() / 2]).expect("writable");
    fails("could not be unpacked");
    fs::remove_file(machine.small.path(archive)).expect("it is there");
    fails("has to be in the folder of this script");
    // Nothing looks like a workbook that is not one.
    assert!(machine.small.names("home").is_empty());
    // A machine without Rust.
    fs::remove_file(machine.small.path("bin/cargo")).expect("it is there");
    symlink("/usr/bin/dirname", machine.small.path("bin/dirname")).expect("writable");
    let mut start = Command::new("/bin/sh");
    start
        .arg(machine.small.path(ON_STICK))
        .env("PATH", machine.small.path("bin"));
    let output = start.output().expect("it starts");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("Rust is not on this machine"), "{message}");
}
