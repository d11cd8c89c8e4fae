//! `cargo workbook serve`: the book in the browser, with pages that run programs and grade exercises.
//!
//! - `site` serves the book's files, `api` handles the pages' requests,
//! - `security` refuses requests from elsewhere, `hosts` has the names that it accepts, `refusal` says why,
//! - `connections` has the timeouts, and `open_connections` keeps a place for readers,
//! - `grading_queue` grades changed answers, `exercise_state` holds the state of each exercise, and `events` sends it
//!   to every open page.

mod api;
pub mod api_error;
mod app_state;
pub mod connections;
mod events;
mod exercise_card;
mod exercise_state;
mod grading_queue;
pub mod hosts;
pub mod open_connections;
pub mod port;
mod refusal;
pub mod security;
mod site;

use std::net::{IpAddr, Ipv4Addr, TcpListener};
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
use hosts::Hosts;
use site::Site;

/// The warning if other machines can connect.
const OTHER_MACHINES: &str = "Other machines can reach this workbook, and the connection is not encrypted. Everyone \
                              who has the address with its key can run programs on this machine.";

/// Serves the book and watches saved files until the learner quits.
///
/// # Errors
///
/// If the book cannot be built, no port is free, or the terminal cannot be used.
pub fn run(tool: Tool, arguments: &Serve) -> Result<Status> {
    let tool = Arc::new(tool);
    let host = arguments.host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let listener = port::listen(host, arguments.port)?;
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
    if !host.is_loopback() {
        warn(Some(OTHER_MACHINES.to_owned()));
    }
    let hosts = Hosts::new(host, port, &arguments.allow_host);
    let mut addresses = hosts
        .addresses()
        .map(|base| Address::new(base, port, tool.project.root(), Arc::clone(&auth)))
        .collect::<Vec<_>>();
    let spinner = Spinner::new("Building the book");
    book::build_if_changed(&tool.project)?;
    let site = Site::read(&tool.project.path("book"))?;
    drop(spinner);
    let _watcher = start(Arc::clone(&tool), listener, hosts, auth, site)?;
    let shown = addresses.iter().map(|address| {
        let shown = address.to_show();
        format!("  {}\n", style::command(&shown))
    });
    let shown: String = shown.collect();
    print(&format!("Open the workbook at\n\n{shown}\n"))?;
    let address = addresses.swap_remove(0);
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
    hosts: Hosts,
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
        let served = runtime.block_on(connections::serve(listener, api::router(state, hosts)));
        warn(served.err().map(|error| sentences(&error)));
    });
    Ok(watcher)
}
