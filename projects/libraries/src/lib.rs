//! The libraries that the programs on the pages about the real programs may use. This crate has no code: its dependencies
//! are what cargo builds before the first of these programs is compiled.
