//! Polling for what cannot notify us.

use std::thread;
use std::time::Duration;

/// How often a condition that has no notification is checked.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// Sleeps in real time.
#[expect(
    clippy::disallowed_methods,
    reason = "This waits for processes of the system, which know no other clock."
)]
pub(crate) fn pause(time: Duration) {
    thread::sleep(time);
}
