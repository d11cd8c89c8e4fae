//! A full disk and a read-only one: nothing that was saved is lost, and the error says what to do.
//!
//! The disks are small in-memory file systems, mounted so that only this test's child sees them.
#![cfg(target_os = "linux")]

#[path = "support/child.rs"]
mod child;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use workbook::answers::reset;
use workbook::progress_store::Store;

const STUB: &str = "fn run() { todo!() }\n";

const ALONE: [&str; 3] = ["unshare", "--mount", "--map-root-user"];

/// Runs the ignored test `name` in a namespace in which it may mount, or reports that this machine does not allow it.
#[track_caller]
fn where_mounts_are_private(name: &str) {
    let allowed = Command::new(ALONE[0])
        .args(&ALONE[1..])
        .args(["sh", "-c", "mount -t tmpfs tmpfs /tmp"])
        .output();
    if !allowed.is_ok_and(|output| output.status.success()) {
        eprintln!("{name} was skipped: this machine does not let the test mount a small disk.");
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let output = child::command(&ALONE, name, root.path()).output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{stdout}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(stdout.contains("1 passed"), "{stdout}");
}

fn mount(words: &[&str], root: &Path) {
    assert!(
        Command::new("mount")
            .args(words)
            .arg(root)
            .status()
            .unwrap()
            .success()
    );
}

fn solved(store: &Store) -> bool {
    let (progress, notice) = store.read().unwrap();
    assert_eq!(notice, None);
    progress.of("a/b").solved.is_some()
}

/// A disk of 64 KB that contains an answer and progress.
fn disk() -> Option<(PathBuf, PathBuf, Store)> {
    let root = child::root()?;
    mount(&["-t", "tmpfs", "-o", "size=64k", "tmpfs"], &root);
    let answer = root.join("exercises/src/event_loop.rs");
    fs::create_dir_all(answer.parent().unwrap()).unwrap();
    fs::write(&answer, "fn run() { 1 }\n").unwrap();
    let store = Store::open(&root);
    store
        .update(|progress, now| progress.solved("a/b", now))
        .unwrap();
    Some((root, answer, store))
}

#[test_cache::test]
fn nothing_is_lost_on_a_full_disk() {
    where_mounts_are_private("child_on_a_full_disk");
}

#[test_cache::test]
#[ignore = "nothing_is_lost_on_a_full_disk starts it"]
fn child_on_a_full_disk() {
    let Some((root, answer, store)) = disk() else {
        return;
    };
    let fill = root.join("fill");
    fs::write(&fill, vec![0; 1 << 20]).unwrap_err();

    let error = store
        .update(|progress, now| progress.solved("c/d", now))
        .unwrap_err();
    let expected = format!(
        "Progress was not saved, because the disk of {} is full. Free some space and try again.",
        root.join(".workbook").display()
    );
    assert_eq!(error.to_string(), expected);
    assert!(solved(&store));

    let error = reset(&root, "event-loop", None, STUB).unwrap_err();
    let expected = format!(
        "Your answer was not changed, because the disk of {} is full. Free some space and try \
         again.",
        answer.display()
    );
    assert_eq!(error.to_string(), expected);
    assert_eq!(fs::read_to_string(&answer).unwrap(), "fn run() { 1 }\n");

    fs::write(root.join(".workbook/progress.json"), "{").unwrap();
    fs::write(&fill, vec![0; 1 << 20]).unwrap_err();
    store
        .update(|progress, now| progress.solved("c/d", now))
        .unwrap_err();
    let left = fs::read_to_string(root.join(".workbook/progress.json")).unwrap();
    assert_eq!(left, "{");

    fs::remove_file(&fill).unwrap();
    assert!(
        store
            .update(|progress, now| progress.solved("a/b", now))
            .unwrap()
            .1
            .is_some()
    );
    assert!(solved(&store));
    reset(&root, "event-loop", None, STUB).unwrap();
}

#[test_cache::test]
fn reads_from_a_read_only_disk() {
    where_mounts_are_private("child_on_a_read_only_disk");
}

#[test_cache::test]
#[ignore = "reads_from_a_read_only_disk starts it"]
fn child_on_a_read_only_disk() {
    let Some((root, answer, store)) = disk() else {
        return;
    };
    mount(&["-o", "remount,ro"], &root);
    let folder = root.join(".workbook");
    let not = |what: &str| {
        format!(
            "{what}, because {} is not writable. Make it writable, or work in a copy of the \
             project that you own.",
            folder.display()
        )
    };
    let error = store
        .update(|progress, now| progress.solved("c/d", now))
        .unwrap_err();
    assert_eq!(error.to_string(), not("Progress was not saved"));
    assert!(solved(&store));
    let error = reset(&root, "event-loop", None, STUB).unwrap_err();
    assert_eq!(error.to_string(), not("Your answer was not changed"));
    assert_eq!(fs::read_to_string(&answer).unwrap(), "fn run() { 1 }\n");
}
