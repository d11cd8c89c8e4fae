//! The port.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result, bail};

/// The port to begin with.
pub const FIRST: u16 = 3000;

/// How many ports are tried, from that one on.
const TRIES: u16 = 100;

/// Listens on this machine's own address: on this port, or else on the first one that is free.
///
/// # Errors
///
/// If the port, or every port that was tried, is taken, or the system refuses it.
pub fn listen(port: Option<u16>) -> Result<TcpListener> {
    if let Some(port) = port {
        return on(port)?.with_context(|| {
            format!(
                "Another program listens on port {port}. Leave out `--port`, and a free one is looked for."
            )
        });
    }
    for port in FIRST..FIRST + TRIES {
        if let Some(listener) = on(port)? {
            return Ok(listener);
        }
    }
    let last = FIRST + TRIES - 1;
    bail!("All ports from {FIRST} to {last} are taken. Name a free one with `--port`.")
}

/// `None` if the port is taken.
fn on(port: u16) -> Result<Option<TcpListener>> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(listener) => Ok(Some(listener)),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Ok(None),
        Err(error) => {
            let what = format!("The system does not let this program listen on 127.0.0.1:{port}.");
            Err(error).context(what)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{FIRST, listen};

    #[test]
    fn a_port_that_is_taken_is_passed_over_or_complained_about() {
        let first = listen(None).unwrap().local_addr().unwrap().port();
        assert!(first >= FIRST);
        let taken = listen(None).unwrap();
        let port = taken.local_addr().unwrap().port();
        let next = listen(None).unwrap().local_addr().unwrap();
        assert!(next.port() > port && next.ip().is_loopback());
        let error = listen(Some(port)).unwrap_err().to_string();
        assert!(error.contains(&format!("port {port}")), "{error}");
    }
}
