//! Disks that are full, and folders that may not be written.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::clone::Clone;
use crate::said::said;

/// Something mounted for one test.
struct Mounted(PathBuf);

impl Mounted {
    /// `None` where this user may not mount anything; then it says so.
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
        // A mount that stays shows in the next test.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// A disk of so many kilobytes that is full.
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
fn no_room_for_progress() {
    let clone = Clone::new();
    let Some(_disk) = full_disk(&clone.root.join(".workbook")) else {
        return;
    };
    // The verdict is there all the same, and the words of what is missing.
    let check = said(&mut clone.workbook(&["check", "fetch_all"]));
    check.is(1, &["Progress was not saved", "is full: free some space"]);
    assert!(check.stdout.contains("not started"), "{}", check.stdout);
    // An answer is not replaced when there is no room to keep it.
    clone.answer("fetch_all", "Vec::new()");
    let answer = fs::read(clone.root.join(crate::clone::STUB)).expect("there");
    said(&mut clone.workbook(&["reset", "fetch_all"])).is(2, &["is full: free some space"]);
    assert_eq!(
        fs::read(clone.root.join(crate::clone::STUB)).expect("there"),
        answer
    );
}

#[test_cache::test]
fn no_room_to_build() {
    let clone = Clone::new();
    said(&mut clone.workbook(&["check", "fetch_all"])).is(1, &[]);
    let Some(disk) = full_disk(&clone.root.join("target/workbook/chapters")) else {
        return;
    };
    clone.answer("fetch_all", "Vec::new()");
    let check = &["check", "fetch_all"];
    said(&mut clone.workbook(check)).is(2, &["is full: free some space"]);
    drop(disk);
    // What the disk was to blame for is no verdict that is kept.
    let failing = said(&mut clone.workbook(check));
    failing.is(1, &[]);
    assert!(failing.stdout.contains("failing"), "{}", failing.stdout);
}

#[test_cache::test]
fn no_room_to_link() {
    let clone = Clone::new();
    said(&mut clone.workbook(&["check", "fetch_all"])).is(1, &[]);
    let chapters = clone.root.join("target/workbook/chapters");
    let Some(_disk) = Mounted::new(&["-t", "tmpfs", "-o", "size=3m", "tmpfs"], &chapters) else {
        return;
    };
    clone.answer("fetch_all", "Vec::new()");
    said(&mut clone.workbook(&["check", "fetch_all"])).is(2, &["The disk is full"]);
}

#[test_cache::test]
fn a_folder_that_may_not_be_written() {
    let clone = Clone::new();
    said(&mut clone.workbook(&["check", "fetch_all"])).is(1, &[]);
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
    let check = said(&mut clone.command(&tool, &["check", "fetch_all"]));
    check.is(
        2,
        &[
            "The answers were not built",
            "make it writable, or work in a copy",
        ],
    );
    said(&mut clone.command(&tool, &["hint", "fetch_all"])).is(0, &["may not write"]);
    said(&mut clone.command(&tool, &["reset", "fetch_all"])).is(2, &["may not write"]);
    said(&mut clone.command(&tool, &["list"])).is(0, &[]);
}
