//! Runs one test of this program in a process of its own.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Tells the test that it was started by another test, and which folder to use.
const ROOT: &str = "WORKBOOK_TEST_ROOT";

/// The command that runs the ignored test `name`, which gets `root` from [`root`]. The words in `before`, such as
/// `unshare --mount`, precede the program.
pub fn command(before: &[&str], name: &str, root: &Path) -> Command {
    let program = env::current_exe().unwrap().into_os_string();
    let mut words = before.iter().map(OsString::from).chain([program]);
    let mut command = Command::new(words.next().unwrap());
    command
        .args(words)
        .args(["--exact", name, "--ignored", "--nocapture"])
        .env(ROOT, root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    command
}

/// The folder of the child. `None` if all ignored tests are run by hand.
pub fn root() -> Option<PathBuf> {
    env::var_os(ROOT).map(PathBuf::from)
}
