//! Scripts that a test writes and runs.

use std::path::Path;
use std::process::Command;

/// Makes a file that this process has written executable.
///
/// A file cannot be run while a process has it open for writing ("Text file busy"). The file that a thread writes is inherited by
/// a process that another thread starts in the meantime, and stays open there until that process has become another program.
/// So the file is replaced by a copy that a process of its own has written.
pub fn make_executable(file: &Path) {
    let script = "cp -p \"$0\" \"$0.new\" && chmod 755 \"$0.new\" && mv \"$0.new\" \"$0\"";
    let copied = Command::new("sh").args(["-c", script]).arg(file).status();
    assert!(copied.is_ok_and(|status| status.success()), "{file:?}");
}
