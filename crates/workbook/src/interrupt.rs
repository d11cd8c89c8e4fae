//! Handles Ctrl-C and the signals that ask a process to end.

use std::process;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use sandbox::Cancel;

use crate::terminal::full_screen;

type Hook = Box<dyn Fn() + Send>;

/// The conventional exit code of an interrupted program.
const INTERRUPTED: i32 = 130;

/// Cancels the running work at the first Ctrl-C, and exits at the second.
#[derive(Clone, Default)]
pub struct Interrupt {
    /// Cancelled at the first Ctrl-C.
    pub cancel: Cancel,
    hook: Arc<Mutex<Option<Hook>>>,
}

impl Interrupt {
    /// Starts to listen for Ctrl-C, until the process ends.
    ///
    /// # Errors
    ///
    /// If the handler cannot be installed.
    pub fn listen() -> Result<Self> {
        let interrupt = Self::default();
        let Self { cancel, hook } = interrupt.clone();
        ctrlc::set_handler(move || {
            if cancel.is_cancelled() {
                full_screen::leave();
                process::exit(INTERRUPTED);
            }
            cancel.cancel();
            if let Some(hook) = &*hook.lock().unwrap_or_else(PoisonError::into_inner) {
                hook();
            }
        })
        .context("The handler for Ctrl-C could not be installed.")?;
        Ok(interrupt)
    }

    /// Calls `hook` at the first Ctrl-C, in place of an earlier hook, or now if there has been a Ctrl-C already.
    pub fn set_hook(&self, hook: impl Fn() + Send + 'static) {
        let mut current = self.hook.lock().unwrap_or_else(PoisonError::into_inner);
        // The handler sets the flag before it reads the hook, so that no Ctrl-C is missed.
        if self.cancel.is_cancelled() {
            hook();
        }
        *current = Some(Box::new(hook));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::Interrupt;

    #[test]
    fn a_hook_that_is_set_after_the_interrupt_is_called() {
        let (tx, rx) = mpsc::channel();
        let interrupt = Interrupt::default();
        let early = tx.clone();
        interrupt.set_hook(move || early.send("early").expect("the receiver is alive"));
        assert!(rx.try_recv().is_err());
        interrupt.cancel.cancel();
        interrupt.set_hook(move || tx.send("late").expect("the receiver is alive"));
        assert_eq!(rx.try_recv(), Ok("late"));
    }
}
