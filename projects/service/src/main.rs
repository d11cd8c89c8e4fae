//! The program: configuration, logs, signals, and the exit code.

use std::io;
use std::process::ExitCode;

use service::{Config, Health, logs};
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

/// A wrong configuration has a code of its own: another start will not help.
const BAD_CONFIGURATION: u8 = 2;

fn main() -> ExitCode {
    let config = match Config::from_env() {
        Ok(config) => config,
        Err(mistakes) => {
            eprintln!("{mistakes}");
            return ExitCode::from(BAD_CONFIGURATION);
        }
    };
    logs::init(&config.log);
    let stop = CancellationToken::new();
    let runtime = listen(stop.clone()).and_then(|()| tokio::runtime::Runtime::new());
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            error!(%error, "cannot start");
            return ExitCode::FAILURE;
        }
    };
    let result = runtime.block_on(service::run(config, Health::default(), stop));
    runtime.shutdown_background(); // does not wait for a blocking closure
    match result {
        Ok(()) => {
            info!("stopped");
            ExitCode::SUCCESS
        }
        Err(error) => {
            error!(%error, "stopped after a failure");
            ExitCode::FAILURE
        }
    }
}

#[cfg(unix)]
fn listen(stop: CancellationToken) -> io::Result<()> {
    service::signals::listen(stop)
}

/// Elsewhere, Ctrl+C ends the process. Accepted jobs are in the journal.
#[cfg(not(unix))]
fn listen(_: CancellationToken) -> io::Result<()> {
    Ok(())
}
