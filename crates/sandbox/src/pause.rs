//! Waiting for what does not say when it is done.

use std::thread;
use std::time::Duration;

/// Waits, in real time.
#[expect(
    clippy::disallowed_methods,
    reason = "This waits for processes of the system, which know no other clock."
)]
pub(crate) fn pause(time: Duration) {
    thread::sleep(time);
}
