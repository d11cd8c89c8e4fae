//! What travels between a learner's workbook and the room of a class, as JSON over HTTP.
//!
//! A learner's workbook always sends its whole state, so that it does not matter which messages were lost. Code travels
//! only in [`Ask`], when the learner asks for help.

use std::collections::BTreeMap;

use autograder::verdict::State;
use serde::{Deserialize, Serialize};

use super::Student;

/// The port of a room, unless the teacher chooses another one.
pub const PORT: u16 = 3100;

/// Where a learner joins: `POST` [`Join`] returns [`Joined`].
pub const JOIN: &str = "/room/join";
/// Where a learner's workbook reports what it knows: `PUT` [`LearnerState`] returns [`Received`].
pub const STATE: &str = "/room/state";
/// Where a learner asks for help, `POST` [`Ask`], or no longer needs it, `DELETE` [`Withdraw`].
pub const HELP: &str = "/room/help";
/// Where a learner leaves: `POST` without a body.
pub const LEAVE: &str = "/room/leave";

/// The longest name or id, in characters.
pub const MAX_NAME: usize = 200;

/// The longest answer that can be sent with a request for help, in bytes.
pub const MAX_ANSWER: usize = 32 << 10;

/// The longest message that can be sent with it, in characters.
pub const MAX_MESSAGE: usize = 500;

/// Asks to join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The code of the room, which the teacher shows.
    pub code: String,
    /// The learner who joins.
    pub student: Student,
}

/// The learner has joined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// What proves to the room from now on that a request comes from this learner.
    pub token: String,
    /// The title of the class.
    pub title: String,
}

/// What a learner's workbook knows about the answers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LearnerState {
    /// Grows with every change. The room ignores a state that is not newer than the one it has.
    pub version: u64,
    /// The exercise that was worked on last: `gather/fetch_all`.
    pub current: Option<String>,
    /// The exercises that have been graded, by full name.
    pub exercises: BTreeMap<String, ExerciseState>,
}

/// What a learner's workbook knows about one exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExerciseState {
    /// The last verdict.
    pub state: State,
    /// The minutes of work, rounded up.
    pub minutes: u64,
    /// The known mistakes that were recognised: their descriptions in the workbook.
    pub mistakes: Vec<String>,
}

/// The room has received a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// The newest version that the room has.
    pub version: u64,
}

/// Asks for help with one exercise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Its full name.
    pub exercise: String,
    /// The code of the answer.
    pub answer: String,
    /// What the learner says about it; may be empty.
    pub message: String,
}

/// Says that help with an exercise is no longer needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// Its full name.
    pub exercise: String,
}
