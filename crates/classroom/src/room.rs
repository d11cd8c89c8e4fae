//! A room: what a class does, live.
//!
//! Learners' workbooks report to `learner_api`, which is reachable from other machines if the teacher wants that. The
//! `teacher_api` has the page with the names, and is never reachable from another machine. Both share the [`registry`],
//! which writes everything to the disk before it is acknowledged.
//!
//! What a learner sends is data of a stranger: names, numbers and code are bounded, exercises and mistakes are only those
//! that this workbook knows, and `rate_limit` keeps one learner from keeping out the others.

pub mod command;
pub mod known;
mod learner_api;
mod name;
mod overview;
mod rate_limit;
pub mod registry;
mod room_code;
pub mod server;
mod store;
mod teacher_api;
