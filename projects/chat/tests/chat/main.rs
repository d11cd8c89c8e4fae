//! The chat over real sockets on loopback.

mod hostile;
mod leaving;
mod stopping;
mod support;
mod talking;
