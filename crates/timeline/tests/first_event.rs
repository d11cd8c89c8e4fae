//! The only test of its process, so that no other one makes tracing update its cached interests.

use std::thread;

use timeline::Recorder;
use tracing::info;

fn event() {
    info!("recorded");
}

#[test]
fn a_mark_is_recorded_even_if_a_thread_without_a_recorder_made_the_event_first() {
    let recorder = Recorder::new();
    let _guard = recorder.install();
    thread::spawn(event).join().expect("it does not panic");
    event();
    assert_eq!(recorder.timeline().marks.len(), 1);
}
