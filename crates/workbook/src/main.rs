//! The binary behind `cargo workbook`.

use std::process::ExitCode;

fn main() -> ExitCode {
    workbook::main(&workbook::open)
}
