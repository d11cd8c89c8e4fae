//! Source files in memory.

/// A source file, relative to the project's root. An answer may contain arbitrary bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub file: String,
    pub text: Vec<u8>,
}

impl Source {
    pub fn new(file: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        Self {
            file: file.into(),
            text: text.into(),
        }
    }
}
