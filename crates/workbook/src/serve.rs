//! `cargo workbook` in the browser: the book's pages, which run programs and grade exercises.
//!
//! - `site` has the book's files, `api` what the pages ask for,
//! - `security` and `door` say who may ask, `connections` for how long,
//! - `desk` grades what is saved, `shelf` keeps what is known of each exercise, and `board` tells it
//!   to every open page.

mod address;
mod api;
mod board;
mod card;
mod connections;
mod desk;
mod door;
mod listen;
mod security;
mod shelf;
mod site;

use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result};
use tokio::sync::Semaphore;

pub use address::Address;

use crate::book;
use crate::cli::{Serve, Watch};
use crate::commands::{Done, show};
use crate::terminal::waiting::Waiting;
use crate::terminal::{paint, sentences};
use crate::tool::{Tool, tell};
use crate::watch::{self, saves};
use api::Served;
use board::Board;
use desk::Desk;
use door::Door;
use shelf::Shelf;
use site::Site;

/// Serves the book and watches what is saved, until the learner quits.
///
/// # Errors
///
/// If the book cannot be built, no port is free, or the terminal cannot be driven.
pub fn run(tool: Tool, arguments: &Serve) -> Result<Done> {
    let tool = Arc::new(tool);
    let listener = listen::listen(arguments.port)?;
    let door = Arc::new(Door::new()?);
    let port = listener
        .local_addr()
        .context("The server could not be started.")?
        .port();
    if arguments.port.is_none() && port != listen::FIRST {
        let first = listen::FIRST;
        tell(Some(format!(
            "Port {first} is taken, by another workbook perhaps. This one is on port {port}."
        )));
    }
    let address = Address::new(port, Arc::clone(&door));
    let waiting = Waiting::new("Building the book");
    book::build_if_changed(&tool.project)?;
    let site = Site::read(&tool.project.path("book"))?;
    drop(waiting);
    let _watcher = start(Arc::clone(&tool), listener, port, door, site)?;
    show(&format!(
        "The workbook is at\n\n  {}\n\n",
        paint::command(&address.to_show())
    ))?;
    if !arguments.no_open && address::has_screen() {
        tell(address.open("").err().map(|error| sentences(&error)));
    }
    watch::run(&tool, &Watch::default(), Some(&address))
}

/// Begins to serve and to grade, in threads of their own that end with the program. What is saved is
/// noticed as long as the result is there.
fn start(
    tool: Arc<Tool>,
    listener: TcpListener,
    port: u16,
    door: Arc<Door>,
    site: Site,
) -> Result<impl Sized> {
    let board = Arc::new(Board::default());
    let shelf = Arc::new(Shelf::new(Arc::clone(&tool), Arc::clone(&board)));
    let desk = Desk::open(Arc::clone(&tool), Arc::clone(&board), Arc::clone(&shelf));
    let saved = desk.clone();
    let watcher = saves::watch(&tool.project.path("exercises/src"), false, move || {
        saved.saved()
    })?;
    // One core is left for what is graded.
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let runs = Arc::new(Semaphore::new(cores.saturating_sub(1).max(1)));
    let site = Arc::new(site);
    let served = Served {
        tool,
        board,
        shelf,
        desk,
        door,
        site,
        runs,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("The server could not be started.")?;
    thread::spawn(move || {
        let served = runtime.block_on(connections::serve(listener, api::router(served, port)));
        tell(served.err().map(|error| sentences(&error)));
    });
    Ok(watcher)
}
