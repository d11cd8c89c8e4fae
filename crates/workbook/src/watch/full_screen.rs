//! The terminal as a screen of one's own, and as it was before.

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

/// Whether the terminal has to be given back. Nothing panics while this is locked: a panic locks it.
static TAKEN: Mutex<bool> = Mutex::new(false);

/// The terminal, ours until this is dropped. A panic gives it back before it says anything.
#[derive(Debug)]
pub struct FullScreen(());

impl FullScreen {
    /// Takes the terminal.
    ///
    /// # Errors
    ///
    /// If it cannot be driven.
    pub fn enter() -> Result<Self> {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |about| {
                leave();
                before(about);
            }));
        });
        enable_raw_mode().context("This terminal does not let keys be read one by one.")?;
        *taken() = true;
        let screen = Self(());
        execute!(stdout(), EnterAlternateScreen, Hide)
            .context("This terminal cannot be written.")?;
        Ok(screen)
    }
}

impl Drop for FullScreen {
    fn drop(&mut self) {
        leave();
    }
}

/// Gives the terminal back as it was, if it was taken. Nothing is drawn on it from then on.
pub fn leave() {
    let mut taken = taken();
    if std::mem::take(&mut *taken) {
        // A terminal that is gone needs nothing any more.
        let _ = execute!(stdout(), EndSynchronizedUpdate, Show, LeaveAlternateScreen);
        let _ = disable_raw_mode();
    }
}

fn taken() -> MutexGuard<'static, bool> {
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many columns and lines there are.
pub fn dimensions() -> (usize, usize) {
    let (columns, lines) = size().unwrap_or((80, 24));
    (usize::from(columns).max(20), usize::from(lines).max(6))
}

/// Shows these lines in place of what was shown.
///
/// # Errors
///
/// If the terminal is gone.
pub fn draw(lines: &[String]) -> Result<()> {
    let plain = AutoStream::choice(&stdout()) == ColorChoice::Never;
    let mut out = Vec::new();
    queue!(out, BeginSynchronizedUpdate, MoveTo(0, 0))?;
    for (index, line) in lines.iter().enumerate() {
        if index > 0 {
            queue!(out, Print("\r\n"))?;
        }
        // What cannot be coloured can still be cleared: only the text itself loses its codes.
        if plain {
            queue!(out, Print(anstream::adapter::strip_str(line)))?;
        } else {
            queue!(out, Print(line))?;
        }
        queue!(out, Clear(ClearType::UntilNewLine))?;
    }
    queue!(out, Clear(ClearType::FromCursorDown), EndSynchronizedUpdate)?;
    let taken = taken();
    if *taken {
        let mut terminal = stdout().lock();
        terminal.write_all(&out)?;
        terminal.flush()?;
    }
    Ok(())
}
