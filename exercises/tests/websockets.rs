//! Grades the chapter `websockets`: one module for each exercise, one test for each promise of its contract.
//!
//! Peers and servers are fakes that are pending at every await and record what is done to them, with its instant. Time is
//! virtual, so instants are compared exactly.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use grading::{
    Case, Clock, Failure, Log, Tasks, check, counted, drop_at_every_await, grade, grade_cases,
    in_ms, list, lock, ms, plural, shown,
};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

#[path = "websockets/Room.rs"]
#[allow(non_snake_case, reason = "named like the exercise")]
mod Room;
#[path = "websockets/deliver_all.rs"]
mod deliver_all;
#[path = "websockets/fake_server.rs"]
mod fake_server;
#[path = "websockets/fake_socket.rs"]
mod fake_socket;
#[path = "websockets/heartbeat.rs"]
mod heartbeat;
#[path = "websockets/room_model.rs"]
mod room_model;
#[path = "websockets/run_session.rs"]
mod run_session;

const QUEUES: &str = "websockets-broadcast.html#remove-the-peer-and-say-why";
const SESSION: &str = "websockets-sessions.html#a-session-that-ends-once";
const PINGS: &str = "websockets-sessions.html#dead-peers-ping-and-pong";
const SHUTDOWN: &str = "websockets-shutdown.html#stop-the-sessions-and-wait-for-them";
const RECONNECT: &str = "websockets-shutdown.html#a-client-that-reconnects";
const BUDGET: &str = "event-loop-scheduling.html#tokios-cooperative-budget";
const FLUSH: &str = "cleanup.html#flush-and-shutdown";
const SENT_TWICE: &str = "websockets-pitfalls.html#send-in-a-branch-of-select";
const EXACTLY: &str = "timeouts.html#exactly-at-the-deadline";
const DRIFT: &str = "timeouts-intervals.html#skip-back-to-the-grid";

/// Longer than anything here takes, and shorter than the hour after which a run counts as a hang.
const LONG: Duration = ms(3_000_000);

/// Instants as a report shows them: `[10 ms, 20 ms]`.
fn instants(times: &[Duration]) -> String {
    list(times.iter().copied().map(in_ms))
}
