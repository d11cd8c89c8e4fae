//! What the project says in words, taken out of the files that say it: pages, contracts, hints, reports, messages.
//!
//! - [`text`] is one text with the lines of its file,
//! - [`markup`] hides what is not prose in Markdown,
//! - [`notes`] are the speaker notes on a page,
//! - [`page`] takes texts out of Markdown, [`source`] takes them out of Rust,
//! - [`mod@collect`] knows which files are read for what.

pub mod collect;
pub mod markup;
pub mod notes;
pub mod page;
pub mod source;
pub mod text;

pub use collect::collect;
pub use text::{Place, Text};
