//! Finds a free port.

use std::io::ErrorKind;
use std::net::{IpAddr, TcpListener};

use anyhow::{Context, Result, bail};

/// The port that is tried first.
pub const FIRST: u16 = 3000;

/// How many ports are tried.
const TRIES: u16 = 100;

/// Listens on this address: on this port, or else on the first free one.
///
/// # Errors
///
/// If the port, or every port that was tried, is in use, or the system refuses to listen.
pub fn listen(address: IpAddr, port: Option<u16>) -> Result<TcpListener> {
    listen_from(address, port, FIRST)
}

/// Listens on this address: on this port, or else on the first free one, starting with `first`.
///
/// # Errors
///
/// As [`listen`].
pub fn listen_from(address: IpAddr, port: Option<u16>, first: u16) -> Result<TcpListener> {
    if let Some(port) = port {
        return listen_on(address, port)?.with_context(|| {
            format!(
                "Another program uses port {port}. Without `--port`, the tool finds a free port."
            )
        });
    }
    let last = first.saturating_add(TRIES - 1);
    for port in first..=last {
        if let Some(listener) = listen_on(address, port)? {
            return Ok(listener);
        }
    }
    bail!("All ports from {first} to {last} are in use. Choose a free one with `--port`.")
}

/// Returns `None` if the port is in use.
fn listen_on(address: IpAddr, port: u16) -> Result<Option<TcpListener>> {
    match TcpListener::bind((address, port)) {
        Ok(listener) => Ok(Some(listener)),
        Err(error) if error.kind() == ErrorKind::AddrInUse => Ok(None),
        Err(error) => {
            let what =
                format!("The system does not let this program listen on {address}, port {port}.");
            Err(error).context(what)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::FIRST;

    fn listen(port: Option<u16>) -> anyhow::Result<std::net::TcpListener> {
        super::listen(IpAddr::V4(Ipv4Addr::LOCALHOST), port)
    }

    #[test]
    fn skips_a_port_in_use_unless_that_port_was_requested() {
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
