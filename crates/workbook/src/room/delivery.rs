//! Sends the learner's state to the room, in the background.

use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::http::Method;
use submission::room::{LearnerState, Received, STATE};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, sleep};

use super::request::{self, Failure};
use super::{Membership, Room};

/// How often to look whether there is something new to send. Another command may have recorded it.
const POLL: Duration = Duration::from_secs(1);

/// How often to send a state that has not changed. It tells the teacher that the learner is still there, and brings
/// a room up to date that has lost something.
const REPEAT: Duration = Duration::from_secs(60);

/// The first pause after a failure. Each further one is twice as long, up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_secs(2);

const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How long the room may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How long a command that is done may still try to send.
const LAST_TRY: Duration = Duration::from_millis(300);

/// Starts a thread that sends the state whenever it changes, until the program ends.
pub fn start(root: &Path) {
    let room = Room::of(root);
    thread::spawn(move || {
        // Without a runtime there is no network either, and the tool works as it does alone.
        if let Ok(runtime) = runtime() {
            runtime.block_on(deliver(&room, deliver_once));
        }
    });
}

/// Tries to send the state once, for a moment. For commands that end at once; what cannot be sent now, the next command
/// sends.
pub fn last_try(root: &Path) {
    let room = Room::of(root);
    let (tx, done) = mpsc::channel();
    thread::spawn(move || {
        let sent = runtime().map(|runtime| {
            let membership = room.membership();
            membership.map(|membership| runtime.block_on(deliver_once(&membership, &room.state())))
        });
        // The command may have ended.
        let _ = tx.send(sent.is_ok());
    });
    // Finding the address of a name cannot be cancelled, so the thread may last longer.
    let _ = done.recv_timeout(LAST_TRY);
}

/// A runtime for requests.
///
/// # Errors
///
/// If the system does not provide one.
pub fn runtime() -> Result<Runtime> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.context("The network cannot be used.")
}

async fn deliver_once(membership: &Membership, state: &LearnerState) -> Result<Received, Failure> {
    let Membership { address, token, .. } = membership;
    request::send(address, Some(token), (Method::PUT, STATE), state, TIMEOUT).await
}

/// Sends the state whenever it has changed, and now and then when it has not.
async fn deliver(
    room: &Room,
    send: impl AsyncFn(&Membership, &LearnerState) -> Result<Received, Failure>,
) {
    // The token and the version that were received last, and when.
    let mut received: Option<(String, u64, Instant)> = None;
    let mut pause = FIRST_PAUSE;
    loop {
        sleep(POLL).await;
        let Some(membership) = room.membership() else {
            continue;
        };
        let state = room.state();
        let is_known = received.as_ref().is_some_and(|(token, version, at)| {
            *token == membership.token && *version >= state.version && at.elapsed() < REPEAT
        });
        if is_known {
            continue;
        }
        match send(&membership, &state).await {
            Ok(Received { version }) => {
                // If this fails, the next round tries it again.
                let _ = room.overtake(version);
                received = Some((membership.token, state.version, Instant::now()));
                pause = FIRST_PAUSE;
            }
            // The learner was removed, or the room is of another version of the workbook. That rarely changes soon.
            Err(Failure::Refused(..)) => sleep(LONGEST_PAUSE).await,
            Err(Failure::Unreachable(..)) => {
                sleep(pause).await;
                pause = LONGEST_PAUSE.min(pause * 2);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::time::Duration;

    use axum::http::StatusCode;
    use submission::Student;
    use submission::room::{LearnerState, Received};
    use tempfile::TempDir;
    use tokio::time::{Instant, timeout};

    use super::super::request::Failure;
    use super::super::{Membership, Room};
    use super::deliver;
    use crate::progress::Progress;

    fn joined() -> (Room, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let room = Room::of(folder.path());
        join(&room, "secret");
        (room, folder)
    }

    fn join(room: &Room, token: &str) {
        let membership = Membership {
            address: "room.example:3100".to_owned(),
            token: token.to_owned(),
            title: "A class".to_owned(),
            student: Student::default(),
        };
        room.enter(&membership, &Progress::default()).unwrap();
    }

    /// The seconds at which a state is sent within this time, with what `answer` makes of each.
    async fn sent(
        room: &Room,
        seconds: u64,
        answer: impl Fn(u64, &LearnerState) -> Result<u64, Failure>,
    ) -> Vec<u64> {
        let (start, times) = (Instant::now(), RefCell::new(Vec::new()));
        let send = async |_: &Membership, state: &LearnerState| {
            let now = start.elapsed().as_secs();
            times.borrow_mut().push(now);
            answer(now, state).map(|version| Received { version })
        };
        let _ = timeout(Duration::from_secs(seconds), deliver(room, send)).await;
        times.into_inner()
    }

    fn unreachable() -> Failure {
        Failure::Unreachable(String::new(), String::new())
    }

    #[tokio::test(start_paused = true)]
    async fn an_unchanged_state_is_repeated_once_a_minute() {
        let (room, _folder) = joined();
        let times = sent(&room, 130, |_, state| Ok(state.version)).await;
        assert_eq!(times, [1, 61, 121]);
    }

    #[tokio::test(start_paused = true)]
    async fn what_changes_is_sent_within_a_second() {
        let (room, _folder) = joined();
        let times = sent(&room, 10, |now, state| {
            if now == 1 {
                room.overtake(state.version + 1).unwrap();
            }
            Ok(state.version)
        });
        assert_eq!(times.await, [1, 2]);
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_grow_while_the_network_is_gone_and_the_state_is_caught_up_later() {
        let (room, _folder) = joined();
        let version = Cell::new(0);
        let times = sent(&room, 200, |now, state| {
            if now < 140 {
                return Err(unreachable());
            }
            version.set(state.version);
            Ok(state.version)
        });
        let times = times.await;
        assert_eq!(times, [1, 4, 9, 18, 35, 68, 129, 190]);
        assert_eq!(version.get(), room.state().version);
    }

    #[tokio::test(start_paused = true)]
    async fn a_room_that_refuses_is_asked_once_a_minute() {
        let (room, _folder) = joined();
        let refused =
            |_, _: &LearnerState| Err(Failure::Refused(StatusCode::UNAUTHORIZED, String::new()));
        assert_eq!(sent(&room, 130, refused).await, [1, 62, 123]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_state_that_was_lost_here_overtakes_what_the_room_has() {
        let (room, _folder) = joined();
        let times = sent(&room, 10, |_, state| Ok(state.version.max(7))).await;
        assert_eq!(times, [1, 2]);
        assert_eq!(room.state().version, 8);
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_is_sent_before_a_learner_joins_and_after_it_leaves() {
        let (room, _folder) = joined();
        room.exit().unwrap();
        assert!(sent(&room, 100, |_, _| Err(unreachable())).await.is_empty());
        join(&room, "another");
        assert_eq!(sent(&room, 3, |_, state| Ok(state.version)).await, [1]);
    }
}
