//! The binary behind `cargo workbook grade`, `cargo workbook class serve` and `cargo workbook bundle`.

use std::env;
use std::process::ExitCode;

use clap::Parser;
use classroom::cli::{ClassCommand, Cli};
use classroom::{bundle, command, room};
use workbook::interrupt::Interrupt;

fn main() -> ExitCode {
    if let Some(guard) = workbook::guard(env::args_os()) {
        return guard;
    }
    let cli = Cli::parse();
    let ran = Interrupt::listen().and_then(|interrupt| match cli {
        Cli::Grade(arguments) => command::run(&interrupt, &arguments),
        Cli::Bundle(arguments) => bundle::command::run(&interrupt, &arguments),
        Cli::Class(ClassCommand::Serve(arguments)) => room::command::run(&interrupt, &arguments),
    });
    workbook::exit_code(ran)
}
