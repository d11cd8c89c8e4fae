//! How a session ended, and what a close frame says about it.

use axum::extract::ws::CloseFrame;
use tokio_tungstenite::tungstenite;

use crate::protocol::Why;

/// How a session ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The peer sent a close frame.
    Closed,
    /// The connection ended without one.
    Lost,
    /// The peer sent nothing for too long, not even pongs.
    Silent,
    /// Its queue was full.
    Slow,
    /// The server stops.
    Stopped,
    /// The peer broke a rule: the code of the close frame, and the reason.
    Refused(u16, String),
}

/// RFC 6455, section 7.4.1.
mod code {
    pub(super) const AWAY: u16 = 1001;
    pub(super) const PROTOCOL: u16 = 1002;
    pub(super) const UNSUPPORTED: u16 = 1003;
    pub(super) const INVALID: u16 = 1007;
    pub(super) const POLICY: u16 = 1008;
    pub(super) const SIZE: u16 = 1009;
}

impl Ended {
    pub(crate) fn policy(reason: impl ToString) -> Self {
        Self::Refused(code::POLICY, reason.to_string())
    }

    pub(crate) fn binary() -> Self {
        Self::Refused(code::UNSUPPORTED, "messages are text".to_owned())
    }

    pub(crate) fn too_large() -> Self {
        Self::Refused(code::SIZE, "the message is too large".to_owned())
    }

    /// What an error of the socket means for the session.
    pub(crate) fn from_error(error: axum::Error) -> Self {
        let error = error.into_inner();
        match error.downcast_ref::<tungstenite::Error>() {
            Some(tungstenite::Error::Capacity(_)) => Self::too_large(),
            Some(tungstenite::Error::Utf8(_)) => {
                Self::Refused(code::INVALID, "the message is not UTF-8".to_owned())
            }
            Some(tungstenite::Error::Protocol(
                tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
            )) => Self::Lost,
            Some(tungstenite::Error::Protocol(_)) => {
                Self::Refused(code::PROTOCOL, "the frame is not valid".to_owned())
            }
            _ => Self::Lost,
        }
    }

    /// What the other members are told.
    pub(crate) fn why(&self) -> Why {
        match self {
            Self::Closed => Why::Closed,
            Self::Lost => Why::Lost,
            Self::Silent => Why::Silent,
            Self::Slow => Why::Slow,
            Self::Stopped => Why::Stopped,
            Self::Refused(..) => Why::Refused,
        }
    }

    /// What the peer is told. `None` if there is no close frame to send: the peer has sent its own, or is gone.
    pub(crate) fn close_frame(&self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Closed | Self::Lost => return None,
            Self::Silent => (code::POLICY, "no answer to pings"),
            Self::Slow => (code::POLICY, "you read too slowly"),
            Self::Stopped => (code::AWAY, "the server is stopping"),
            Self::Refused(code, reason) => (*code, reason.as_str()),
        };
        let reason = reason.into();
        Some(CloseFrame { code, reason })
    }
}
