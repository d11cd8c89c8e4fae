//! Does nothing. Without a build script, cargo ignores the features of `build-dependencies`.

fn main() {}
