//! The names under which browsers reach the server.

use std::iter;
use std::net::{IpAddr, Ipv4Addr};

use axum::http::HeaderValue;

/// The names of the server: its address with its port, and those that the reader allows.
#[derive(Debug)]
pub struct Hosts {
    own: Vec<String>,
    allowed: Vec<String>,
}

impl Hosts {
    /// The names of a server that listens on this address and port, and those of `--allow-host`.
    pub fn new(address: IpAddr, port: u16, allowed: &[String]) -> Self {
        // Browsers omit the default port.
        let port = match port {
            80 => String::new(),
            port => format!(":{port}"),
        };
        let listening = if address.is_unspecified() {
            IpAddr::V4(Ipv4Addr::LOCALHOST)
        } else {
            address
        };
        let name = match listening {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        };
        let localhost = listening.is_loopback().then(|| "localhost".to_owned());
        let names = iter::once(name).chain(localhost);
        let own = names.map(|name| format!("{name}{port}")).collect();
        Self {
            own,
            allowed: allowed.to_vec(),
        }
    }

    /// The addresses at which a browser finds the book. A name without a port is that of a proxy, which encrypts.
    pub fn addresses(&self) -> impl Iterator<Item = String> {
        let allowed = self.allowed.iter().map(|host| {
            let scheme = if host.contains(':') { "http" } else { "https" };
            format!("{scheme}://{host}/")
        });
        let own = self.own.first().map(|host| format!("http://{host}/"));
        own.into_iter().chain(allowed)
    }

    /// Whether a request for this host is for this server.
    pub fn contains(&self, host: &str) -> bool {
        self.own.iter().chain(&self.allowed).any(|own| own == host)
    }

    /// Whether this is the origin of a page that was requested from this host. A proxy may encrypt, and may put the
    /// server's own name in the place of the one that the browser knows.
    pub fn is_own_origin(&self, origin: &HeaderValue, host: &str) -> bool {
        let is_allowed = |name| self.allowed.iter().any(|allowed| allowed == name);
        let origin = origin.to_str().unwrap_or_default();
        match origin.split_once("://") {
            Some(("http", name)) => name == host || is_allowed(name),
            Some(("https", name)) => is_allowed(name),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Hosts;

    fn own(address: &str, port: u16) -> Vec<String> {
        Hosts::new(address.parse().unwrap(), port, &[]).own
    }

    #[test]
    fn omits_the_default_port() {
        assert_eq!(own("127.0.0.1", 80), ["127.0.0.1", "localhost"]);
        assert_eq!(own("127.0.0.1", 3000), ["127.0.0.1:3000", "localhost:3000"]);
    }

    #[test]
    fn knows_the_address_that_it_listens_on() {
        assert_eq!(own("192.0.2.1", 3000), ["192.0.2.1:3000"]);
        assert_eq!(own("0.0.0.0", 3000), ["127.0.0.1:3000", "localhost:3000"]);
        assert_eq!(own("::1", 3000), ["[::1]:3000", "localhost:3000"]);
    }

    #[test]
    fn a_proxy_encrypts() {
        let allowed = ["localhost:8080".to_owned(), "book.example".to_owned()];
        let hosts = Hosts::new([127, 0, 0, 1].into(), 3000, &allowed);
        let addresses: Vec<_> = hosts.addresses().collect();
        assert_eq!(
            addresses,
            [
                "http://127.0.0.1:3000/",
                "http://localhost:8080/",
                "https://book.example/"
            ]
        );
    }
}
