//! What a peer may send or cause.

use std::time::Duration;

/// What a peer may send or cause. The default suits a few hundred people on one machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest message, in bytes. A longer one closes the session with 1009.
    pub message: usize,
    /// How many events may wait for a peer that reads too slowly. With one more it is removed. At least 1.
    pub queue: usize,
    /// How many messages of a room a new member is shown.
    pub history: usize,
    /// How many members a room may have.
    pub members: usize,
    /// How many rooms there may be. A room exists as long as it has members.
    pub rooms: usize,
    /// How many sessions there may be. With one more, the upgrade is refused with 503.
    pub sessions: usize,
    /// How many frames a peer may send at once.
    pub burst: u32,
    /// How many frames a peer may send each second, in the long run. Pongs count: allow more than there are pings.
    pub per_second: u32,
    /// How long a new session may take to join.
    pub join_within: Duration,
    /// The time between two pings.
    pub ping_every: Duration,
    /// How many pings a peer may leave unanswered. With one more it counts as dead.
    pub pings_missed: u32,
    /// How long a peer may take to answer a close frame.
    pub close_within: Duration,
    /// How long stopping the server may take. Longer than `close_within`.
    pub stop_within: Duration,
}

impl Limits {
    /// After how long without any frame a peer counts as dead.
    #[must_use]
    pub fn silence(&self) -> Duration {
        self.ping_every * (self.pings_missed + 1)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message: 4 * 1024,
            queue: 64,
            history: 50,
            members: 1_000,
            rooms: 100,
            sessions: 2_000,
            burst: 20,
            per_second: 5,
            join_within: Duration::from_secs(5),
            ping_every: Duration::from_secs(20),
            pings_missed: 2,
            close_within: Duration::from_secs(2),
            stop_within: Duration::from_secs(5),
        }
    }
}
