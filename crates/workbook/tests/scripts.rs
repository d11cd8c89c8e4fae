//! The unit tests of the pages' scripts, run by Node.js.

use std::env;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The first versions that recognise an ES module by its syntax, in each line of releases that is kept up.
const NODE: &str = "Node.js 20.19, 22.7 or later";

#[test_cache::test]
fn the_unit_tests_of_the_scripts_pass() {
    let Some(node) = node() else {
        let message =
            format!("Skipped: the unit tests of the pages' scripts, because {NODE} is not here.");
        assert!(env::var_os("BROWSER_REQUIRED").is_none(), "{message}");
        let _ = writeln!(std::io::stderr(), "\n{message}\n");
        test_cache::skipped();
        return;
    };
    let run = Command::new(node)
        .arg("--test")
        .args(tests())
        // One that is set by an outer run would make this run report to that one.
        .env_remove("NODE_TEST_CONTEXT")
        .output()
        .expect("it ran a moment ago");
    let report = String::from_utf8_lossy(&run.stdout);
    let errors = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{report}\n{errors}");
}

fn tests() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../theme/tests");
    let files = folder.read_dir().expect("the folder can be read");
    let files = files.map(|file| file.expect("the folder can be read").path());
    let tests: Vec<_> = files
        .filter(|file| file.to_string_lossy().ends_with(".test.js"))
        .collect();
    assert!(
        !tests.is_empty(),
        "there are no tests in {}",
        folder.display()
    );
    tests
}

fn node() -> Option<OsString> {
    let node = env::var_os("NODE").unwrap_or_else(|| "node".into());
    let version = Command::new(&node).arg("--version").output().ok()?.stdout;
    let version = String::from_utf8(version).ok()?;
    let mut numbers = version.trim().trim_start_matches('v').split('.');
    let mut next = || numbers.next()?.parse::<u32>().ok();
    let (major, minor) = (next()?, next()?);
    matches!((major, minor), (20, 19..) | (22, 7..) | (23.., _)).then_some(node)
}
