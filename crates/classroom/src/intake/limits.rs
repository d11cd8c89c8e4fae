//! What one submission may contain. An honest one is far below.

pub use submission::MAX_FILE;

/// How many files of answers are read.
pub const MAX_FILES: usize = 200;

/// The maximal size of all answers, in bytes.
pub const MAX_TOTAL: u64 = 8 << 20;

/// How many names a folder or an archive may contain.
pub const MAX_NAMES: usize = 100_000;

/// The maximal size of an archive inside an archive, in bytes.
pub const MAX_INNER_ARCHIVE: u64 = 64 << 20;
