//! The first process of a job.

use std::sync::mpsc::Sender;
use std::thread;

use rustix::io::Errno;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use super::super::Event;

/// Reports the end of a child at once, and leaves its acknowledgement to others: until then its number
/// is not given to another process.
pub(super) fn announce_end(child: Pid, events: Sender<Event>) {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    thread::spawn(move || {
        while let Err(Errno::INTR) = waitid(WaitId::Pid(child), options) {}
        // Nobody listens any more if the job was ended meanwhile.
        let _ = events.send(Event::Ended);
    });
}
