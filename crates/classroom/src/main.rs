//! The binary behind `cargo workbook grade`.

use std::env;
use std::process::ExitCode;

use clap::Parser;
use classroom::cli::Cli;
use classroom::command;
use workbook::interrupt::Interrupt;

fn main() -> ExitCode {
    if let Some(guard) = workbook::guard(env::args_os()) {
        return guard;
    }
    let Cli::Grade(arguments) = Cli::parse();
    let ran = Interrupt::listen().and_then(|interrupt| command::run(&interrupt, &arguments));
    workbook::exit_code(ran)
}
