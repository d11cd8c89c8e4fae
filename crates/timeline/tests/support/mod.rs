//! Shared by the tests.
#![allow(
    dead_code,
    unused_imports,
    reason = "every test file is a crate of its own and uses only a part of this"
)]

pub mod random;
pub mod scenes;

use timeline::{LaneRecord, Timeline};

pub use scenes::{block_the_thread, fetch, ms, record};

/// The lane of that name.
#[track_caller]
pub fn lane<'a>(timeline: &'a Timeline, name: &str) -> &'a LaneRecord {
    timeline
        .lanes
        .iter()
        .find(|lane| lane.name == name)
        .unwrap_or_else(|| panic!("no lane `{name}` in {timeline:#?}"))
}

/// The texts of the lane's marks.
pub fn marks(lane: &LaneRecord) -> Vec<&str> {
    lane.marks.iter().map(|mark| mark.text.as_str()).collect()
}
