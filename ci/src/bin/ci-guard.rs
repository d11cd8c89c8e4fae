//! What runs answers for the tests of this crate, in a process of its own.

fn main() -> std::process::ExitCode {
    sandbox::guard_main()
}
