//! Ctrl-C, and being told to end in other ways.

use std::process;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use sandbox::Cancel;

use crate::watch::full_screen;

type Hook = Box<dyn Fn() + Send>;

/// The exit code of a program that was interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

/// What happens at Ctrl-C: the work that runs is cancelled. A second one does not wait for it.
#[derive(Clone, Default)]
pub struct Interrupt {
    /// Cancelled at the first Ctrl-C.
    pub cancel: Cancel,
    hook: Arc<Mutex<Option<Hook>>>,
}

impl Interrupt {
    /// Listens from now on, until the process ends.
    ///
    /// # Errors
    ///
    /// If the system refuses it.
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
        .context("The system does not let Ctrl-C be caught.")?;
        Ok(interrupt)
    }

    /// Calls this as well at the first Ctrl-C, in place of what was called before; at once if that has
    /// been.
    pub fn call(&self, hook: impl Fn() + Send + 'static) {
        let mut place = self.hook.lock().unwrap_or_else(PoisonError::into_inner);
        // Ctrl-C cancels before it looks for a hook: one of the two sees the other.
        if self.cancel.is_cancelled() {
            hook();
        }
        *place = Some(Box::new(hook));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::Interrupt;

    #[test]
    fn an_interrupt_that_has_been_is_heard_of() {
        let (tells, told) = mpsc::channel();
        let interrupt = Interrupt::default();
        let early = tells.clone();
        interrupt.call(move || early.send("early").expect("heard"));
        assert!(told.try_recv().is_err());
        interrupt.cancel.cancel();
        interrupt.call(move || tells.send("late").expect("heard"));
        assert_eq!(told.try_recv(), Ok("late"));
    }
}
