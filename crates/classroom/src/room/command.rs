//! `class serve`: opens a room, and shows it until the teacher stops it.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, TcpListener, UdpSocket};
use std::sync::{Arc, mpsc};
use std::thread;

use anyhow::{Context, Result};
use autograder::files;
use tokio::runtime::Builder;
use workbook::address::{self, Address};
use workbook::auth::Auth;
use workbook::interrupt::Interrupt;
use workbook::serve::hosts::Hosts;
use workbook::serve::{connections, port};
use workbook::status::Status;
use workbook::terminal::{paragraph, print, sentences, style, warn};
use workbook::{names, tool};

use super::known::Known;
use super::registry::Registry;
use super::server::{self, SharedRegistry, View};
use crate::class_file::Class;
use crate::cli::ServeClass;
use crate::roster::Roster;
use crate::submission::room::PORT;

/// The warning if other machines can connect.
const OTHER_MACHINES: &str = "Other machines can reach this room, and the connection is not encrypted. A person who \
                              can read the network can read names, states and answers that learners ask about, and can \
                              report in the name of a learner.";

/// Serves the room until the teacher stops it.
///
/// # Errors
///
/// If a file of the teacher's cannot be read, the folder is in use or not writable, or no port is free.
pub fn run(interrupt: &Interrupt, arguments: &ServeClass) -> Result<Status> {
    let project = tool::project()?;
    let manifest = project.manifest()?;
    let exercises = names::all(&manifest);
    let exercises: Vec<_> = exercises.iter().map(|exercise| exercise.name()).collect();
    let class = match &arguments.class {
        Some(file) => Class::parse(&file.display().to_string(), &files::read(file)?, &exercises)?,
        None => Class::of_all(&exercises),
    };
    let roster = arguments.roster.as_ref().map(|file| {
        let bytes = fs::read(file);
        let bytes = bytes.with_context(|| format!("{} could not be read.", file.display()))?;
        Roster::parse(&bytes, &class.zone)
    });
    let known = Known::read(&project, &manifest)?;
    let mut registry = Registry::open(&arguments.output, known)?;
    let host = arguments.host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let learners = listen(host, arguments.port, registry.port())?;
    let port = port_of(&learners)?;
    registry.set_port(port)?;
    let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let page = port::listen_from(loopback, None, port.saturating_add(1))?;
    let page_port = port_of(&page)?;
    let addresses = addresses(host, port);
    let code = registry.code().to_owned();
    let view = View {
        class,
        roster: roster.transpose()?,
        manifest,
        book: arguments.book.clone().unwrap_or_default(),
        addresses: addresses.clone(),
    };
    if !host.is_loopback() {
        warn(Some(OTHER_MACHINES.to_owned()));
    }
    let auth = Arc::new(Auth::new()?);
    let hosts = Hosts::new(loopback, page_port, &[]);
    let base = format!("http://127.0.0.1:{page_port}/");
    let address = Address::new(base, page_port, project.root(), Arc::clone(&auth));
    let registry = SharedRegistry::new(registry);
    let title = view.class.title.clone();
    serve(learners, server::learners(registry.clone(), &title))?;
    serve(page, server::teacher(registry, view, auth, hosts))?;
    let joins = addresses.iter().map(|address| {
        let command = format!("cargo workbook class join {address} {code}");
        format!("  {}\n", style::command(&command))
    });
    print(&format!(
        "{}\n\n{}\n{}\n\n  {}\n\n{}\n",
        paragraph("Learners join with"),
        joins.collect::<String>(),
        paragraph("Only you can open the overview of the class, on this machine:"),
        style::command(&address.to_show()),
        paragraph(&format!(
            "What learners report is kept in {}. Stop the room with Ctrl+C; the same command opens it again.",
            arguments.output.display()
        ))
    ))?;
    if !arguments.no_open && address::has_screen() {
        warn(address.open("").err().map(|error| sentences(&error)));
    }
    let (tx, interrupted) = mpsc::channel();
    interrupt.set_hook(move || {
        // Fails at the second Ctrl-C, when the program ends already.
        let _ = tx.send(());
    });
    interrupted.recv().context("the hook is kept")?;
    Ok(Status::Interrupted)
}

/// Listens for learners: on the port that was asked for, or that of the last time, at which they look for the room.
fn listen(host: IpAddr, wanted: Option<u16>, before: Option<u16>) -> Result<TcpListener> {
    let Some(before) = before.filter(|_| wanted.is_none()) else {
        return port::listen_from(host, wanted, PORT);
    };
    if let Ok(listener) = port::listen_from(host, Some(before), PORT) {
        return Ok(listener);
    }
    warn(Some(format!(
        "Another program uses port {before}, at which learners who have joined look for this room. They have to join again \
         with the new address."
    )));
    port::listen_from(host, None, PORT)
}

fn port_of(listener: &TcpListener) -> Result<u16> {
    let address = listener.local_addr();
    Ok(address.context("The server could not be started.")?.port())
}

/// The addresses with which learners reach the room, as far as this machine knows.
fn addresses(host: IpAddr, port: u16) -> Vec<String> {
    let host = if host.is_unspecified() {
        own_address().unwrap_or(host)
    } else {
        host
    };
    vec![std::net::SocketAddr::new(host, port).to_string()]
}

/// The address of this machine in its network: that from which it would send something elsewhere. Nothing is sent.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_unspecified()).then_some(address)
}

/// Serves on a thread of its own, which ends with the program. So learners who keep one server busy do not slow down the
/// other.
fn serve(listener: TcpListener, router: axum::Router) -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("The server could not be started.")?;
    thread::spawn(move || {
        let served = runtime.block_on(connections::serve(listener, router));
        warn(served.err().map(|error| sentences(&error)));
    });
    Ok(())
}
