//! `watch`: grades what is saved, one exercise after the other, until the learner has had enough.
//!
//! Keys, saved files and verdicts come from threads of their own, as [`Event`]s; the `Session` takes
//! one after the other, and draws.

pub mod event;
pub mod full_screen;
mod grading;
pub mod saves;
mod screen;
mod session;

use std::io::{IsTerminal, stdin, stdout};
use std::sync::mpsc;

use anyhow::Result;

use crate::cli::Watch;
use crate::commands::Done;
use crate::serve::Address;
use crate::tool::Tool;
use event::Event;
use full_screen::FullScreen;
use session::Session;

/// Watches until the learner quits or, where there are no keys and no page, until all is solved. The page
/// is at `address` if there is one.
///
/// # Errors
///
/// If there is no such exercise, or the terminal cannot be driven.
pub fn run(tool: &Tool, arguments: &Watch, address: Option<&Address>) -> Result<Done> {
    let at = tool.exercise(arguments.name.as_deref())?;
    let (tells, events) = mpsc::channel();
    let interrupted = tells.clone();
    // Nobody listens any more once the session is over, here and below.
    tool.interrupt
        .call(move || drop(interrupted.send(Event::Interrupted)));
    let folder = tool.project.path("exercises/src");
    let saved = tells.clone();
    let tell = move || saved.send(Event::Saved).is_ok();
    let _watcher = saves::watch(&folder, arguments.poll, tell)?;
    let full_screen = if stdin().is_terminal() && stdout().is_terminal() {
        let screen = FullScreen::enter()?;
        event::read_keys(tells.clone());
        Some(screen)
    } else {
        None
    };
    let mut session = Session::new(tool, at, tells, full_screen.is_some(), address);
    let done = session.run(&events);
    drop(full_screen);
    session.close();
    done
}
