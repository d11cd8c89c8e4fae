//! Full disks and read-only folders.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::clone::Clone;
use crate::ran::run;

/// A file system that is mounted for one test.
struct Mounted(PathBuf);

impl Mounted {
    /// Returns `None`, and reports that the test is skipped, if this user may not mount file systems.
    fn new(arguments: &[&str], place: &Path) -> Option<Self> {
        fs::create_dir_all(place).expect("writable");
        let output = Command::new("mount").args(arguments).arg(place).output();
        if output.as_ref().is_ok_and(|output| output.status.success()) {
            return Some(Self(place.to_owned()));
        }
        // Not eprint!: libtest would keep it to itself, because the test passes.
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            b"\nSkipped: a disk that is full or read-only, because this user may not mount one.\n",
        );
        test_cache::skipped();
        None
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // If unmounting fails, the next test notices it.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// A full disk of this many kilobytes.
fn full_disk(place: &Path) -> Option<Mounted> {
    let mounted = Mounted::new(&["-t", "tmpfs", "-o", "size=64k", "tmpfs"], place)?;
    let filler = place.join("filler");
    for size in [4096, 1] {
        let mut text = Vec::new();
        loop {
            text.resize(text.len() + size, b'x');
            if fs::write(&filler, &text).is_err() {
                break;
            }
        }
    }
    Some(mounted)
}

#[test_cache::test]
fn a_full_disk_for_progress() {
    let clone = Clone::new();
    let Some(_disk) = full_disk(&clone.root.join(".workbook")) else {
        return;
    };
    // The verdict is shown all the same, with a notice.
    let check = run(&mut clone.workbook(&["check", "fetch_all"]));
    check.is(1, &["Progress was not saved", "is full. Free some space"]);
    assert!(check.stdout.contains("not started"), "{}", check.stdout);
    // An answer is not replaced if no backup can be saved.
    clone.answer("fetch_all", "Vec::new()");
    let answer = fs::read(clone.root.join(crate::clone::STUB)).expect("there");
    run(&mut clone.workbook(&["reset", "fetch_all"])).is(2, &["is full. Free some space"]);
    assert_eq!(
        fs::read(clone.root.join(crate::clone::STUB)).expect("there"),
        answer
    );
}

#[test_cache::test]
fn a_full_disk_during_a_build() {
    let clone = Clone::new();
    run(&mut clone.workbook(&["check", "fetch_all"])).is(1, &[]);
    let Some(disk) = full_disk(&clone.root.join("target/workbook/chapters")) else {
        return;
    };
    clone.answer("fetch_all", "Vec::new()");
    let check = &["check", "fetch_all"];
    run(&mut clone.workbook(check)).is(2, &["is full. Free some space"]);
    drop(disk);
    // A failure of the disk is not cached as a verdict.
    let failing = run(&mut clone.workbook(check));
    failing.is(1, &[]);
    assert!(failing.stdout.contains("failing"), "{}", failing.stdout);
}

#[test_cache::test]
fn a_full_disk_for_verdicts() {
    let clone = Clone::new();
    run(&mut clone.workbook(&["check", "fetch_all"])).is(1, &[]);
    let verdicts = clone.root.join("target/workbook/verdicts");
    let Some(_disk) = full_disk(&verdicts) else {
        return;
    };
    // It is computed again each time, and shown.
    for _ in 0..2 {
        let check = run(&mut clone.workbook(&["check", "fetch_all"]));
        check.is(1, &[]);
        assert!(check.stdout.contains("not started"), "{}", check.stdout);
    }
}

#[test_cache::test]
fn a_full_disk_during_linking() {
    let clone = Clone::new();
    run(&mut clone.workbook(&["check", "fetch_all"])).is(1, &[]);
    let chapters = clone.root.join("target/workbook/chapters");
    let Some(_disk) = Mounted::new(&["-t", "tmpfs", "-o", "size=3m", "tmpfs"], &chapters) else {
        return;
    };
    clone.answer("fetch_all", "Vec::new()");
    run(&mut clone.workbook(&["check", "fetch_all"])).is(2, &["The disk is full"]);
}

#[test_cache::test]
fn a_read_only_folder() {
    let clone = Clone::new();
    run(&mut clone.workbook(&["check", "fetch_all"])).is(1, &[]);
    clone.answer("fetch_all", "Vec::new()");
    let tool = clone.tool();
    let root = clone.root.to_string_lossy().into_owned();
    let Some(_bound) = Mounted::new(&["--bind", &root], &clone.root) else {
        return;
    };
    let read_only = Command::new("mount")
        .args(["-o", "remount,ro,bind"])
        .arg(&clone.root)
        .status();
    assert!(read_only.is_ok_and(|status| status.success()));
    let check = run(&mut clone.command(&tool, &["check", "fetch_all"]));
    check.is(
        2,
        &[
            "The answers were not built",
            "Make it writable, or work in a copy",
        ],
    );
    run(&mut clone.command(&tool, &["hint", "fetch_all"])).is(0, &["is not writable"]);
    run(&mut clone.command(&tool, &["reset", "fetch_all"])).is(2, &["is not writable"]);
    run(&mut clone.command(&tool, &["list"])).is(0, &[]);
}
