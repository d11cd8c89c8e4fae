//! The server as browsers and other clients on this machine see it: over real sockets, in a small workbook with a fake
//! grader.

#![cfg(target_os = "linux")]

mod answers;
mod browser;
mod client;
mod event_stream;
mod events;
#[path = "../support/executable.rs"]
mod executable;
mod hostile;
mod hosts;
mod noise;
mod ports;
mod runs;
mod server;
mod site;
mod strangers;
#[path = "../support/workbook.rs"]
mod workbook;
