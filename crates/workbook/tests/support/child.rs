//! One test of this very program, in a process of its own.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Says to the test that it was started on purpose, and where to work.
const ROOT: &str = "WORKBOOK_TEST_ROOT";

/// What stands before the program in a command line, say `unshare --mount`, and then the program:
/// it runs the ignored test `name`, which finds `root` by [`root`].
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

/// Where the child works. `None` in a run of all ignored tests that somebody asked for.
pub fn root() -> Option<PathBuf> {
    env::var_os(ROOT).map(PathBuf::from)
}
