//! `cargo workbook serve`: the book in the browser, with pages that run programs and grade exercises.
//!
//! - `site` serves the book's files, `api` handles the pages' requests,
//! - `security` refuses requests from elsewhere, `connections` has the timeouts,
//! - `grading_queue` grades changed answers, `exercise_state` holds the state of each exercise, and `events` sends it
//!   to every open page.

mod api;
mod api_error;
mod app_state;
mod connections;
mod events;
mod exercise_card;
mod exercise_state;
mod grading_queue;
mod port;
mod security;
mod site;

use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result};
use tokio::sync::Semaphore;

use crate::address::{self, Address};
use crate::auth::Auth;
use crate::book;
use crate::cli::{Serve, Watch};
use crate::file_watcher;
use crate::status::Status;
use crate::terminal::spinner::Spinner;
use crate::terminal::{print, sentences, style, warn};
use crate::tool::Tool;
use crate::watch;
use app_state::AppState;
use events::Events;
use exercise_state::ExerciseStates;
use grading_queue::GradingQueue;
use site::Site;

/// Serves the book and watches saved files until the learner quits.
///
/// # Errors
///
/// If the book cannot be built, no port is free, or the terminal cannot be used.
pub fn run(tool: Tool, arguments: &Serve) -> Result<Status> {
    let tool = Arc::new(tool);
    let listener = port::listen(arguments.port)?;
    let auth = Arc::new(Auth::new()?);
    let port = listener
        .local_addr()
        .context("The server could not be started.")?
        .port();
    if arguments.port.is_none() && port != port::FIRST {
        let first = port::FIRST;
        warn(Some(format!(
            "Port {first} is in use, perhaps by another workbook. This one uses port {port}."
        )));
    }
    let address = Address::new(port, Arc::clone(&auth));
    let spinner = Spinner::new("Building the book");
    book::build_if_changed(&tool.project)?;
    let site = Site::read(&tool.project.path("book"))?;
    drop(spinner);
    let _watcher = start(Arc::clone(&tool), listener, port, auth, site)?;
    print(&format!(
        "Open the workbook at\n\n  {}\n\n",
        style::command(&address.to_show())
    ))?;
    if !arguments.no_open && address::has_screen() {
        warn(address.open("").err().map(|error| sentences(&error)));
    }
    watch::run(&tool, &Watch::default(), Some(&address))
}

/// Starts the threads that serve and grade, which end with the program. Saved files are noticed until the result
/// is dropped.
fn start(
    tool: Arc<Tool>,
    listener: TcpListener,
    port: u16,
    auth: Arc<Auth>,
    site: Site,
) -> Result<impl Sized> {
    let events = Arc::new(Events::default());
    let states = Arc::new(ExerciseStates::new(Arc::clone(&tool), Arc::clone(&events)));
    let queue = GradingQueue::start(Arc::clone(&tool), Arc::clone(&events), Arc::clone(&states));
    let on_change = queue.clone();
    let watcher = file_watcher::watch(&tool.project.path("exercises/src"), false, move || {
        on_change.files_changed()
    })?;
    // One core is left for grading.
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let run_permits = Arc::new(Semaphore::new(cores.saturating_sub(1).max(1)));
    let state = AppState {
        tool,
        events,
        states,
        queue,
        auth,
        site: Arc::new(site),
        run_permits,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("The server could not be started.")?;
    thread::spawn(move || {
        let served = runtime.block_on(connections::serve(listener, api::router(state, port)));
        warn(served.err().map(|error| sentences(&error)));
    });
    Ok(watcher)
}
