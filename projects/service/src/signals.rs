//! The first SIGTERM or SIGINT asks the service to stop, and the second one ends the process.

use std::{io, process, thread};

use nix::sys::signal::{SigSet, SigmaskHow, Signal as Number};
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

/// Cancels `stop` at the first signal. At the second one, the process exits with 130 (SIGINT) or 143 (SIGTERM).
///
/// The signals are received by a thread with a runtime of its own, so that a handler that blocks all workers of the other one cannot
/// keep the second signal from ending the process.
///
/// # Errors
///
/// If the handlers or the thread cannot be installed.
pub fn listen(stop: CancellationToken) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let (mut interrupt, mut terminate) = {
        let _context = runtime.enter();
        install()?
    };
    let receive = async move {
        loop {
            let (name, code) = tokio::select! {
                _ = interrupt.recv() => ("SIGINT", 130),
                _ = terminate.recv() => ("SIGTERM", 143),
            };
            if stop.is_cancelled() {
                warn!(signal = name, "second signal: exits at once");
                process::exit(code);
            }
            info!(signal = name, "asked to stop");
            stop.cancel();
        }
    };
    thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || runtime.block_on(receive))?;
    Ok(())
}

/// Between the moment that the system knows a handler and the moment that the handler knows what to do, a signal would be lost. So
/// this thread, which is the only one at the start of the process, blocks them until both handlers are complete.
fn install() -> io::Result<(Signal, Signal)> {
    let blocked = SigSet::from_iter([Number::SIGINT, Number::SIGTERM]);
    let before = blocked.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
    let interrupt = signal(SignalKind::interrupt());
    let terminate = signal(SignalKind::terminate());
    before.thread_set_mask()?;
    Ok((interrupt?, terminate?))
}
