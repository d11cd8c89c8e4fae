//! A guard and nothing else, for the tests.

use std::process::ExitCode;

fn main() -> ExitCode {
    sandbox::guard_main()
}
