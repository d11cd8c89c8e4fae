//! Takes over the whole terminal, and restores it afterwards.

use std::io::{Write, stdout};
use std::panic;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, Result};
use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode, size,
};
use crossterm::{execute, queue};

/// Whether the terminal has to be restored. Nothing may panic while this is locked, because the panic hook locks it.
static IS_ACTIVE: Mutex<bool> = Mutex::new(false);

/// The full-screen mode of the terminal, until this is dropped. A panic leaves it before it prints its message.
#[derive(Debug)]
pub struct FullScreen(());

impl FullScreen {
    /// Enters full-screen mode.
    ///
    /// # Errors
    ///
    /// If the terminal does not support it.
    pub fn enter() -> Result<Self> {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                leave();
                before(info);
            }));
        });
        enable_raw_mode().context("This terminal does not support reading single keys.")?;
        *is_active() = true;
        let screen = Self(());
        execute!(stdout(), EnterAlternateScreen, Hide)
            .context("This terminal does not accept output.")?;
        Ok(screen)
    }
}

impl Drop for FullScreen {
    fn drop(&mut self) {
        leave();
    }
}

/// Leaves full-screen mode, if it is active, and restores the terminal. Nothing is drawn after that.
pub fn leave() {
    let mut is_active = is_active();
    if std::mem::take(&mut *is_active) {
        // Fails if the terminal has been closed.
        let _ = execute!(stdout(), EndSynchronizedUpdate, Show, LeaveAlternateScreen);
        let _ = disable_raw_mode();
    }
}

fn is_active() -> MutexGuard<'static, bool> {
    IS_ACTIVE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The number of columns and lines.
pub fn dimensions() -> (usize, usize) {
    let (columns, lines) = size().unwrap_or((80, 24));
    (usize::from(columns).max(10), usize::from(lines).max(1))
}

/// Replaces what is shown by these lines.
///
/// # Errors
///
/// If the terminal has been closed.
pub fn draw(lines: &[String]) -> Result<()> {
    let plain = AutoStream::choice(&stdout()) == ColorChoice::Never;
    let mut out = Vec::new();
    queue!(out, BeginSynchronizedUpdate, MoveTo(0, 0))?;
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            queue!(out, Print("\r\n"))?;
        }
        // Without colours, only the codes in the text are removed, not those that clear the screen.
        if plain {
            queue!(out, Print(anstream::adapter::strip_str(line)))?;
        } else {
            queue!(out, Print(line))?;
        }
        queue!(out, Clear(ClearType::UntilNewLine))?;
    }
    queue!(out, Clear(ClearType::FromCursorDown), EndSynchronizedUpdate)?;
    let is_active = is_active();
    if *is_active {
        let mut terminal = stdout().lock();
        terminal.write_all(&out)?;
        terminal.flush()?;
    }
    Ok(())
}
