//! The built program, with real signals and clients over loopback.
#![cfg(unix)]

mod configuring;
mod crashing;
mod load;
mod starting;
mod stopping;
mod supervising;
mod support;
