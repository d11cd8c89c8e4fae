//! The first process of a job.

use std::sync::mpsc::Sender;
use std::thread;

use rustix::io::Errno;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use crate::event::Event;

/// Reports at once that a child has exited, and leaves reaping it to the caller: until it is reaped, its process
/// ID is not reused.
pub(super) fn report_exit(child: Pid, events: Sender<Event>) {
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    thread::spawn(move || {
        while let Err(Errno::INTR) = waitid(WaitId::Pid(child), options) {}
        // The receiver is gone if the job was killed in the meantime.
        let _ = events.send(Event::Exited);
    });
}
