//! The port that the server listens on.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Stdio;

use crate::server::Server;
use crate::workbook::Workbook;

/// The port that is tried first.
const FIRST: u16 = 3000;

#[test_cache::test]
fn skips_a_port_in_use_and_reports_it() {
    // Other programs may use the ports below, but this one is taken by the test.
    let taken = (FIRST..).find_map(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok());
    let taken = taken.expect("a port is free");
    let workbook = Workbook::new();
    let mut tool = workbook.tool();
    tool.args(["serve", "--no-open"]);
    let server = Server::run(workbook, tool);
    let port = server.port;
    assert_ne!(port, taken.local_addr().unwrap().port());
    assert_eq!(server.page("/").status, 200);
    let text = server.end();
    let expected = format!("Port {FIRST} is in use");
    // Another program may have freed the first port in the meantime.
    assert_eq!(text.contains(&expected), port != FIRST, "{port}: {text}");
}

#[test_cache::test]
fn uses_no_other_port_than_the_requested_one() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let workbook = Workbook::new();
    let mut tool = workbook.tool();
    tool.args(["serve", "--no-open", "--port"])
        .arg(port.to_string());
    let mut child = tool
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut printed = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut printed).unwrap();
    if !printed.is_empty() {
        child.kill().unwrap();
    }
    let ran = child.wait_with_output().unwrap();
    assert_eq!(ran.status.code(), Some(2), "{printed}");
    let text = String::from_utf8_lossy(&ran.stderr).replace('\n', " ");
    assert!(
        text.contains(&format!("Another program uses port {port}.")),
        "{text}"
    );
}

#[test_cache::test]
fn listens_on_the_loopback_address_only() {
    let server = Server::start();
    // 127.0.0.2 is this machine, too, but not the address that is served. A server that listens on every
    // address would respond there.
    let other = TcpStream::connect((Ipv4Addr::new(127, 0, 0, 2), server.port));
    assert!(other.is_err(), "it listens on more than its own address");
}
