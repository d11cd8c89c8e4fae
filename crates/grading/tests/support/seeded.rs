//! Runs one case of a test of this binary in a process of its own.

use std::process::{Command, Output};

/// Runs the ignored test `name` with the seed in the environment.
pub fn with_seed(name: &str, seed: &str) -> Output {
    Command::new(std::env::current_exe().expect("a test knows its executable"))
        .args(["--exact", name, "--ignored", "--nocapture"])
        .env("GRADING_SEED", seed)
        .output()
        .expect("the test's own executable should start")
}
