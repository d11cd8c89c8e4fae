//! Each proof has been seen failing: a fault is planted in a copy of `ci/fixture`, and the proof has
//! to report it, at its file and line, and nothing else.

#[path = "planted_faults/answers.rs"]
mod answers;
#[path = "planted_faults/blocks.rs"]
mod blocks;
#[path = "planted_faults/book.rs"]
mod book;
#[path = "planted_faults/exercises.rs"]
mod exercises;
#[path = "planted_faults/fixture.rs"]
mod fixture;
#[path = "planted_faults/lessons.rs"]
mod lessons;
#[path = "planted_faults/messages.rs"]
mod messages;
#[path = "planted_faults/minutes.rs"]
mod minutes;
#[path = "planted_faults/nothing.rs"]
mod nothing;
#[path = "planted_faults/originals.rs"]
mod originals;
#[path = "planted_faults/prose.rs"]
mod prose;
#[path = "planted_faults/refresh.rs"]
mod refresh;
