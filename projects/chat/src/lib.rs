//! A chat over WebSockets.
//!
//! [`Server`] serves a page and a socket. A peer sends [`Request::Join`] first, and then one [`Request::Say`] for each message.
//! It receives each [`Event`] of its room. [`Client`] is a peer, for programs.
//!
//! - [`Chat`] knows the rooms, and delivers what is said in one. It never waits: a member that does not keep up is removed.
//! - A session connects one socket to one membership. However it ends, the other members are told once.
//! - [`Limits`] bounds everything that a peer sends or causes.

mod client;
mod limits;
mod name;
mod origin;
mod page;
mod protocol;
mod rate;
mod room;
mod rooms;
mod server;
mod session;
mod socket;

pub use client::{Client, ClientError};
pub use limits::Limits;
pub use name::{Name, NameError};
pub use protocol::{Event, Request, Said, Text, TextError, Why};
pub use room::Queue;
pub use rooms::{Chat, JoinError, Membership};
pub use server::{Config, ServeError, Server};
