//! What keeps a bundle from being written is said, and nothing is left behind.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::executable::make_executable;
use crate::small::{PROGRAM, Small};

/// A crate that no registry has.
const MISSING: &str = "\n[[package]]\nname = \"a-crate-that-is-nowhere\"\nversion = \"1.0.0\"\n\
    source = \"registry+https://github.com/rust-lang/crates.io-index\"\n\
    checksum = \"0000000000000000000000000000000000000000000000000000000000000000\"\n";

/// Runs the program, which must fail and say this.
#[track_caller]
fn refuses(mut bundle: Command, says: &[&str]) {
    let output = bundle.output().expect("it starts");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let message = String::from_utf8_lossy(&output.stderr);
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    for says in says {
        assert!(message.contains(says), "{message}");
    }
}

#[track_caller]
fn nothing_is_left(small: &Small) {
    assert_eq!(small.names(""), ["workbook"]);
}

#[test_cache::test]
fn a_folder_that_is_not_a_clone() {
    let small = Small::new();
    fs::remove_dir_all(small.path("workbook/.git")).expect("it is there");
    refuses(small.bundle(&[]), &["is not a clone", "`git clone`"]);
    // Git finds another repository around it, as in a home folder that is one.
    small.git_in("", "init --quiet");
    let mut bundle = small.bundle(&[]);
    bundle.env_remove("GIT_CEILING_DIRECTORIES");
    refuses(bundle, &["is not a clone"]);
    fs::remove_dir_all(small.path(".git")).expect("it is there");
    nothing_is_left(&small);
}

#[test_cache::test]
fn a_machine_without_git() {
    let small = Small::new();
    let mut bundle = small.bundle(&[]);
    bundle.env("PATH", small.path("nowhere"));
    refuses(bundle, &["git could not be started", "git-scm.com"]);
    nothing_is_left(&small);
}

#[test_cache::test]
fn a_handout_that_is_not_one() {
    let small = Small::new();
    let said = [
        ("no-such.pdf", "no-such.pdf could not be read"),
        ("src/demo.md", "src/demo.md is not a PDF"),
        ("src", "not a regular file"),
    ];
    for (handout, says) in said {
        let out = small.path("out.tar.gz");
        let out = out.to_str().expect("UTF-8");
        refuses(
            small.bundle(&["--handout", handout, "--output", out]),
            &["handout", says],
        );
    }
    nothing_is_left(&small);
}

#[test_cache::test]
fn a_crate_that_cannot_be_downloaded() {
    let small = Small::new();
    let lock = fs::read_to_string(small.path("workbook/Cargo.lock")).expect("text");
    let tool = fs::read_to_string(small.path("workbook/tool/Cargo.toml")).expect("text");
    small.write("workbook/tool/Cargo.toml", &tool.replace("0.1.0", "0.2.0"));
    small.commit();
    refuses(
        small.bundle(&[]),
        &["does not fit its `Cargo.toml`", "commit both"],
    );

    let needs = "\n[dependencies]\na-crate-that-is-nowhere = \"1\"\n";
    small.write("workbook/tool/Cargo.toml", &(tool + needs));
    let first = lock.replacen("version = 4\n", &format!("version = 4\n{MISSING}"), 1);
    let locked = first + "dependencies = [\n \"a-crate-that-is-nowhere\",\n]\n";
    small.write("workbook/Cargo.lock", &locked);
    small.commit();
    let mut bundle = small.bundle(&[]);
    bundle.env("CARGO_NET_OFFLINE", "true");
    refuses(
        bundle,
        &[
            "crates could not be collected",
            "Connect to the internet",
            "a-crate-that-is-nowhere",
        ],
    );
    nothing_is_left(&small);
}

#[test_cache::test]
fn a_place_that_is_not_writable() {
    let small = Small::new();
    let said = ["was not written to", "`--output`"];
    // Root can write everywhere, but not into a file.
    refuses(small.bundle(&["--output", "src/demo.md/out.tar.gz"]), &said);
    refuses(small.bundle(&["--output", "/proc/out.tar.gz"]), &said);
    // The folder of a stick, with a wrong name.
    refuses(small.bundle(&["--output", "../stik/"]), &said);
    refuses(small.bundle(&["--output", "../stik/out.tar.gz"]), &said);
    nothing_is_left(&small);
}

/// The disk is a small one in memory, which only the program sees.
#[test_cache::test]
fn a_full_disk() {
    let small = Small::new();
    fs::create_dir(small.path("stick")).expect("writable");
    // What cannot be compressed.
    let noise: String = (0..60_000_u64)
        .map(|n| {
            format!(
                "{:x}",
                n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
            )
        })
        .collect();
    small.write("workbook/noise", &noise);
    small.commit();
    let script = "mount -t tmpfs -o size=256k tmpfs \"$1\" || exit 77
        \"$2\" bundle --output \"$1\"; code=$?
        ls -A \"$1\"; exit $code";
    let mut alone = Command::new("unshare");
    alone.args(["--mount", "--map-root-user", "sh", "-c", script, "sh"]);
    alone.arg(small.path("stick")).arg(PROGRAM);
    let output = alone.current_dir(small.path("workbook")).output();
    let output = output.expect("`unshare` is there");
    if output.status.code() != Some(2)
        && !String::from_utf8_lossy(&output.stderr).contains("bundle")
    {
        eprintln!("Skipped: this machine does not let the test mount a small disk.");
        test_cache::skipped();
        return;
    }
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(message.contains("is full"), "{message}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "left behind");
}

/// It is interrupted while cargo runs, which here is a program that does not end.
#[test_cache::test]
fn an_interrupt() {
    let small = Small::new();
    let cargo = small.path("workbook/target/cargo");
    small.write(
        "workbook/target/cargo",
        "#!/bin/sh\necho $$ > pid; mv pid \"$CARGO_PID\"\nexec sleep 600\n",
    );
    make_executable(&cargo);
    let pid = small.path("workbook/target/pid");
    let mut bundle = small.bundle(&[]);
    bundle.env("CARGO", &cargo).env("CARGO_PID", &pid);
    let mut bundle = bundle.stderr(Stdio::piped()).spawn().expect("it starts");
    while !pid.exists() {
        assert!(
            bundle.try_wait().expect("ours").is_none(),
            "it ended too early"
        );
        wait_a_moment();
    }
    let cargo = fs::read_to_string(&pid).expect("text");
    let cargo = Path::new("/proc").join(cargo.trim());
    assert_eq!(small.names(""), [&*new_file(&small), "workbook"]);
    let id = bundle.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status();
    assert!(sent.is_ok_and(|status| status.success()));
    assert_eq!(bundle.wait().expect("ours").code(), Some(130));
    assert!(!cargo.exists(), "cargo still runs");
    nothing_is_left(&small);
}

/// The name of the incomplete file.
fn new_file(small: &Small) -> String {
    let names = small.names("");
    let new = names.iter().find(|name| name.starts_with(".new-"));
    new.expect("it is being written").clone()
}

#[expect(
    clippy::disallowed_methods,
    reason = "another process does not run on tokio's clock"
)]
fn wait_a_moment() {
    std::thread::sleep(std::time::Duration::from_millis(10));
}
