//! `watch`: grades saved answers, one exercise after the other, until the learner quits.
//!
//! Threads send keys, saved files and verdicts as [`Event`]s; the `Session` handles
//! one event at a time, and redraws the screen.

pub mod event;
mod grading;
mod screen;
mod session;
mod verdict;

use std::io::{IsTerminal, stdin, stdout};
use std::sync::mpsc;

use anyhow::Result;

use crate::address::Address;
use crate::cli::Watch;
use crate::file_watcher;
use crate::room::delivery;
use crate::status::Status;
use crate::terminal::full_screen::FullScreen;
use crate::tool::Tool;
use event::Event;
use session::Session;

/// Watches until the learner quits or, without a keyboard and a page, until everything is solved. If the book is
/// served, the page is at `address`.
///
/// # Errors
///
/// If there is no such exercise, or the terminal cannot be used.
pub fn run(tool: &Tool, arguments: &Watch, address: Option<&Address>) -> Result<Status> {
    let first = tool.exercise(arguments.name.as_deref())?;
    delivery::start(tool.project.root());
    let (tx, events) = mpsc::channel();
    let interrupted = tx.clone();
    // Sending fails, here and below, once the session is over.
    tool.interrupt
        .set_hook(move || drop(interrupted.send(Event::Interrupted)));
    let folder = tool.project.path("exercises/src");
    let saved = tx.clone();
    let on_change = move || saved.send(Event::Saved).is_ok();
    let _watcher = file_watcher::watch(&folder, arguments.poll, on_change)?;
    let full_screen = if stdin().is_terminal() && stdout().is_terminal() {
        let screen = FullScreen::enter()?;
        event::read_keys(tx.clone());
        Some(screen)
    } else {
        None
    };
    let mut session = Session::new(tool, first, tx, full_screen.is_some(), address);
    let status = session.run(&events);
    drop(full_screen);
    session.close();
    status
}
