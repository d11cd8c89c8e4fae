//! The tool in a clone of the repository, on machines that lack a requirement.

#![cfg(target_os = "linux")]

#[path = "../support/clone.rs"]
mod clone;
mod disks;
mod ends;
mod ran;

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use clone::{Clone, STUB};
use ran::run;

const RIGHT: &str = "futures::future::join_all(paths.iter().map(|path| client.get(path))).await";

#[test_cache::test]
fn a_complete_machine() {
    let clone = Clone::new();
    run(&mut clone.workbook(&["check", "gather/fetch_all"])).is(1, &[]);
    clone.answer("fetch_all", RIGHT);
    let solved = run(&mut clone.workbook(&["check", "fetch_all"]));
    solved.is(0, &[]);
    assert!(solved.stdout.contains("solved"), "{}", solved.stdout);
}

#[test_cache::test]
fn no_cargo_and_no_rustc() {
    let clone = Clone::new();
    let nowhere = clone.root.join("no-such-folder");
    for command in [&["check"][..], &["run", "src/none.rs"]] {
        if command[0] == "run" {
            clone.write("src/none.rs", "fn main() {}\n");
        }
        let mut check = clone.workbook(command);
        check
            .env("PATH", &nowhere)
            .env_remove("CARGO")
            .env_remove("RUSTC");
        run(&mut check).is(2, &["rustc could not be started", "rustup.rs"]);
    }
    let mut doctor = clone.workbook(&["doctor"]);
    doctor
        .env("PATH", &nowhere)
        .env_remove("CARGO")
        .env_remove("RUSTC");
    let doctor = run(&mut doctor);
    assert_eq!(doctor.code, Some(2), "{}", doctor.stdout);
    assert!(doctor.stdout.contains("rustup.rs"), "{}", doctor.stdout);
}

#[test_cache::test]
fn no_target_folder_and_no_internet() {
    let clone = Clone::new();
    let target = tempfile::tempdir().expect("writable");
    let home = tempfile::tempdir().expect("writable");
    let tool = clone.tool_in(target.path());
    let mut check = clone.command(&tool, &["check"]);
    check
        .env("CARGO_HOME", home.path())
        .env("CARGO_NET_OFFLINE", "true");
    run(&mut check).is(2, &["not on this machine yet", "`cargo fetch`"]);
    // If the crates have been downloaded, the network is not needed.
    let mut check = clone.workbook(&["check", "fetch_all"]);
    check.env("CARGO_NET_OFFLINE", "true");
    run(&mut check).is(1, &[]);
}

#[test_cache::test]
fn flags_for_rustc() {
    let clone = Clone::new();
    clone.answer("fetch_all", RIGHT);
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"] {
        // So that cargo is asked for the libraries.
        fs::remove_file(clone.root.join("target/workbook/libraries.json")).expect("there");
        let mut check = clone.workbook(&["check", "fetch_all"]);
        run(check.env(variable, "-Cpanic=abort")).is(0, &[]);
    }
}

/// The libraries are built with the crate that contains all answers, and cargo has no limits.
#[test_cache::test]
fn an_answer_that_keeps_the_compiler_busy_while_libraries_are_built() {
    let clone = Clone::new();
    clone.answer("fetch_all", RIGHT);
    let endless = "#[allow(long_running_const_eval)]\nconst ENDLESS: () = loop {};\n";
    let other = "exercises/src/locks.rs";
    let stub = fs::read_to_string(clone.root.join("exercises/stubs/locks.rs")).expect("there");
    clone.write(other, &format!("{stub}\n{endless}"));
    fs::remove_file(clone.root.join("target/workbook/libraries.json")).expect("there");
    let check = run(&mut clone.workbook(&["check", "fetch_all"]));
    clone.write(other, &stub);
    check.is(0, &[]);
}

#[test_cache::test]
fn an_answer_that_is_a_pipe() {
    let clone = Clone::new();
    let file = clone.root.join(STUB);
    fs::remove_file(&file).expect("there");
    let made = Command::new("mkfifo").arg(&file).status();
    assert!(made.is_ok_and(|status| status.success()));
    let check = run(&mut clone.workbook(&["check", "fetch_all"]));
    check.is(1, &[]);
    assert!(
        check.stdout.contains("This is not a regular file"),
        "{}",
        check.stdout
    );
    run(&mut clone.workbook(&["reset", "gather"])).is(2, &["It is not a regular file."]);
    run(&mut clone.workbook(&["update"])).is(2, &["This folder is not a clone of the workbook"]);
    for command in [
        &["solution", "fetch_all", "--show-me"][..],
        &["list"],
        &["doctor"],
    ] {
        run(&mut clone.workbook(command)).is(0, &[]);
    }
    fs::remove_file(&file).expect("there");
}

#[test_cache::test]
fn links_in_a_circle_beside_the_answers() {
    let clone = Clone::new();
    clone.answer("fetch_all", RIGHT);
    let links = ["here", "gather"].map(|name| clone.root.join("exercises/src").join(name));
    for link in &links {
        std::os::unix::fs::symlink(".", link).expect("writable");
    }
    let check = run(&mut clone.workbook(&["check", "fetch_all"]));
    for link in links {
        fs::remove_file(link).expect("there");
    }
    check.is(0, &[]);
}

#[test_cache::test]
fn the_tool_is_deleted_while_it_runs() {
    let clone = Clone::new();
    let mut watch = clone.workbook(&["watch", "fetch_all", "--poll"]);
    let mut watch = watch
        .stdout(Stdio::piped())
        .spawn()
        .expect("the tool is there");
    let stdout = BufReader::new(watch.stdout.take().expect("it is a pipe"));
    let mut lines = stdout.lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("not started")));
    fs::remove_file(clone.tool()).expect("there");
    clone.answer("fetch_all", "Vec::new()");
    let says = lines.find(|line| line.contains("has been deleted"));
    let says = says.expect("it says so").to_owned();
    watch.kill().expect("it runs");
    watch.wait().expect("it ends");
    assert!(
        says.contains("`cargo clean`. Stop it, and start it again"),
        "{says}"
    );
}

#[test_cache::test]
fn an_invalid_manifest() {
    let clone = Clone::new();
    let file = "exercises/exercises.toml";
    let manifest = fs::read_to_string(clone.root.join(file)).expect("there");
    let line = 1 + manifest
        .lines()
        .position(|line| line.starts_with("minutes = 10"))
        .expect("there");
    clone.write(file, &manifest.replacen("minutes = 10", "minutes = ten", 1));
    let place = format!("line {line}");
    run(&mut clone.workbook(&["check"])).is(2, &[file, &place, "minutes = ten"]);
    clone.write(file, &manifest.replacen("minutes =", "hours =", 1));
    run(&mut clone.workbook(&["list"])).is(2, &[file, "unknown field `hours`"]);
}

#[test_cache::test]
fn outside_of_a_workbook() {
    let clone = Clone::new();
    let elsewhere = tempfile::tempdir().expect("writable");
    let mut check = clone.workbook(&["check"]);
    check.current_dir(elsewhere.path());
    run(&mut check).is(2, &["contains a workbook", "Change to the folder"]);
}

#[test_cache::test]
fn while_cargo_holds_its_lock() {
    let clone = Clone::new();
    run(&mut clone.workbook(&["check", "fetch_all"])).is(1, &[]);
    let lock = File::create(clone.root.join("target/debug/.cargo-lock")).expect("writable");
    lock.lock().expect("the lock is free");
    clone.answer("fetch_all", "Vec::new()");
    run(&mut clone.workbook(&["check", "fetch_all"])).is(1, &[]);
    clone.write("src/hello.rs", "fn main() { println!(\"hello\"); }\n");
    let hello = run(&mut clone.workbook(&["run", "src/hello.rs"]));
    hello.is(0, &[]);
    assert_eq!(hello.stdout, "hello\n");
}

#[test_cache::test]
fn two_tools_at_once() {
    let clone = Clone::new();
    run(&mut clone.workbook(&["check", "fetch_all"])).is(1, &[]);
    clone.answer("fetch_all", RIGHT);
    let start = |exercise| {
        let mut command = clone.workbook(&["check", exercise]);
        command.stdout(Stdio::null());
        command.spawn().expect("the tool is there")
    };
    let exercises = ["fetch_all", "settle", "fetch_all", "user_page"];
    let tools: Vec<_> = exercises.map(start).into();
    let codes = tools
        .into_iter()
        .map(|mut tool| tool.wait().expect("it ends").code());
    assert_eq!(
        codes.collect::<Vec<_>>(),
        [Some(0), Some(1), Some(0), Some(1)]
    );
    let list = run(&mut clone.workbook(&["list"]));
    assert!(
        list.stdout
            .contains(&format!("1 of {} exercises solved", clone.exercises())),
        "{}",
        list.stdout
    );
    assert!(clone.root.join(STUB).is_file());
}
