//! What travels over the socket: JSON, one value in each text message.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::name::Name;

/// What a peer sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// Enters a room. This is the first message of a session, and comes once.
    Join {
        /// The room. If there is none of this name, it is created.
        room: Name,
        /// The name of the new member, which no other member of the room may have.
        name: Name,
    },
    /// Says something to all members of the room.
    Say {
        /// What is said.
        text: Text,
    },
}

/// What a peer receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The first event: the peer is a member of the room.
    Welcome {
        /// The room.
        room: Name,
        /// The name of the new member.
        name: Name,
        /// The members, in the order of their names.
        members: Vec<Name>,
        /// The last messages, the oldest one first.
        history: Vec<Said>,
    },
    /// A member said something. The member receives it, too.
    Said(Said),
    /// There is a new member.
    Joined {
        /// The new member.
        name: Name,
    },
    /// A member is gone.
    Left {
        /// The member.
        name: Name,
        /// Why it is gone.
        why: Why,
    },
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The member that said it.
    pub from: Name,
    /// What it said.
    pub text: Text,
}

/// Why a member has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It closed its session.
    Closed,
    /// Its connection was lost.
    Lost,
    /// It answered no pings.
    Silent,
    /// It read too slowly.
    Slow,
    /// It broke a rule of the protocol, or a limit.
    Refused,
    /// The server stops.
    Stopped,
}

/// What a member says: it is not blank, and has no control characters except for tabs and new lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Text(String);

/// Why something is not a [`Text`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TextError {
    /// There is nothing to read in it.
    #[error("a message must not be blank")]
    Blank,
    /// It has a control character, such as an escape code for terminals.
    #[error("a message must not contain control characters")]
    Control,
}

impl Text {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Text {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        if text.trim().is_empty() {
            Err(TextError::Blank)
        } else if text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
        {
            Err(TextError::Control)
        } else {
            Ok(Self(text))
        }
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(json: &str) -> Option<Request> {
        serde_json::from_str(json).ok()
    }

    #[test]
    fn reads_both_requests() {
        let join = r#"{"type":"join","room":"lobby","name":"ann"}"#;
        assert!(matches!(request(join), Some(Request::Join { .. })));
        let say = r#"{"type":"say","text":"<b>hi</b>\n"}"#;
        assert!(
            matches!(request(say), Some(Request::Say { text }) if text.as_str() == "<b>hi</b>\n")
        );
    }

    #[test]
    fn refuses_everything_else() {
        let hostile = [
            "",
            "7",
            "[]",
            r#"{"type":"say"}"#,
            r#"{"type":"say","text":" \n"}"#,
            r#"{"type":"say","text":"\u001b[2J"}"#,
            r#"{"type":"say","text":"hi","from":"bob"}"#,
            r#"{"type":"leave","name":"bob"}"#,
            r#"{"type":"join","room":"../x","name":"ann"}"#,
        ];
        for json in hostile {
            assert_eq!(request(json), None, "{json}");
        }
    }
}
