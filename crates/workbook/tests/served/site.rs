//! The book's pages and files.

use std::fs;
use std::io::Read;
use std::os::unix::fs::symlink;

use flate2::read::GzDecoder;

use crate::client::{Answer, Connection, Request};
use crate::server::Server;
use crate::workbook::Workbook;

const META: &str = r#"<meta name="workbook" content="served">"#;

fn get(server: &Server, path: &str) -> Request {
    Request::new("GET", path, &server.host())
}

/// The path of a file whose name has a hash of its content, found on a page.
fn hashed(page: &Answer, begins: &str, ends: &str) -> String {
    let text = page.text();
    let is_wanted = |path: &&str| path.starts_with(begins) && path.ends_with(ends);
    let path = text
        .split('"')
        .find(is_wanted)
        .expect("mdBook hashes names");
    format!("/{path}")
}

#[test_cache::test]
fn pages_know_that_they_are_served() {
    let server = Server::start();
    for path in ["/", "/index.html", "/demo.html", "/demo.html?search=x"] {
        let page = server.page(path);
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(
            page.header("content-type"),
            Some("text/html; charset=utf-8")
        );
        assert_eq!(page.text().matches(META).count(), 1, "{path}");
    }
    // The print page has no buttons.
    let paper = server.page("/print.html");
    assert_eq!(paper.status, 200);
    assert!(!paper.text().contains(META));
}

#[test_cache::test]
fn a_missing_page_gets_an_error_page() {
    let server = Server::start();
    for path in [
        "/no-such.html",
        "/demo",
        "/demo.html/",
        "/css",
        "/%ff",
        "/a/b/c.png",
    ] {
        let page = server.page(path);
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text().contains("<html"), "{path}");
    }
}

#[test_cache::test]
fn a_head_request_gets_the_same_headers_without_a_body() {
    let server = Server::start();
    let mut connection = Connection::open(server.port);
    for path in ["/demo.html", "/no-such.html"] {
        let page = connection.ask(&get(&server, path));
        let head = connection.ask(&get(&server, path).method("HEAD"));
        assert_eq!(head.status, page.status);
        for name in ["content-length", "content-type", "etag", "cache-control"] {
            assert!(head.header(name).is_some(), "{name}");
            assert_eq!(head.header(name), page.header(name), "{name}");
        }
    }
}

#[test_cache::test]
fn does_not_send_a_cached_file_again() {
    let server = Server::start();
    let page = server.page("/demo.html");
    let tag = page.header("etag").expect("a page has a version");
    for known in [tag, &format!("W/{tag}"), &format!("\"x\", {tag}")] {
        let answer = server.ask(&get(&server, "/demo.html").and("If-None-Match", known));
        assert_eq!(answer.status, 304, "{known}");
        assert_eq!(answer.header("etag"), Some(tag));
    }
    let stale = server.ask(&get(&server, "/demo.html").and("If-None-Match", "\"stale\""));
    assert_eq!(stale.status, 200);
    assert_eq!(stale.body, page.body);
}

#[test_cache::test]
fn compresses_text_if_the_client_accepts_it() {
    let server = Server::start();
    let plain = server.page("/demo.html");
    assert_eq!(plain.header("content-encoding"), None);
    assert_eq!(plain.header("vary"), Some("Accept-Encoding"));
    for (accepts, is_compressed) in [
        ("gzip", true),
        ("br, GZIP;q=0.5", true),
        ("gzip;q=0", false),
        ("gzip; q=0.000, identity", false),
        ("x-gzip-not", false),
        ("br", false),
    ] {
        let answer = server.ask(&get(&server, "/demo.html").and("Accept-Encoding", accepts));
        let encoding = is_compressed.then_some("gzip");
        assert_eq!(answer.header("content-encoding"), encoding, "{accepts}");
        let mut body = answer.body;
        if is_compressed {
            let packed = std::mem::take(&mut body);
            assert!(packed.len() < plain.body.len());
            GzDecoder::new(&*packed).read_to_end(&mut body).unwrap();
        }
        assert_eq!(body, plain.body, "{accepts}");
    }
    // A picture is compressed already.
    let icon = get(&server, &hashed(&plain, "favicon-", ".png"));
    let icon = server.ask(&icon.and("Accept-Encoding", "gzip"));
    assert_eq!(icon.header("content-type"), Some("image/png"));
    assert_eq!(icon.header("content-encoding"), None);
}

#[test_cache::test]
fn a_file_with_a_hash_in_its_name_is_immutable() {
    let server = Server::start();
    let page = server.page("/demo.html");
    assert_eq!(page.header("cache-control"), Some("private, no-cache"));
    let style = server.page(&hashed(&page, "css/general-", ".css"));
    assert_eq!(style.status, 200);
    assert_eq!(
        style.header("content-type"),
        Some("text/css; charset=utf-8")
    );
    let cache = style.header("cache-control").expect("it may be kept");
    assert!(cache.ends_with("immutable"), "{cache}");
}

#[test_cache::test]
fn refuses_to_modify_pages() {
    let server = Server::start();
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"] {
        let answer = server.ask(&get(&server, "/demo.html").method(method));
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    }
}

#[test_cache::test]
fn a_link_out_of_the_folder_is_gone_after_a_build() {
    let workbook = Workbook::new();
    workbook.write("secret.txt", "secret");
    fs::create_dir(workbook.path("book")).unwrap();
    let secret = workbook.path("secret.txt");
    symlink(&secret, workbook.path("book/secret.txt")).unwrap();
    symlink(workbook.path(""), workbook.path("book/all")).unwrap();
    let server = Server::of(workbook);
    for path in ["/secret.txt", "/all/secret.txt", "/all/book.toml"] {
        assert_eq!(server.page(path).status, 404, "{path}");
    }
    assert_eq!(server.workbook.read("secret.txt"), "secret");
}

#[test_cache::test]
fn what_a_link_leads_to_is_not_served() {
    let workbook = Workbook::new();
    let built = workbook.tool().arg("build").output().unwrap();
    assert!(built.status.success(), "{built:?}");
    workbook.write("secret.txt", "secret");
    symlink(
        workbook.path("secret.txt"),
        workbook.path("book/secret.txt"),
    )
    .unwrap();
    symlink(workbook.path(""), workbook.path("book/all")).unwrap();
    symlink(".", workbook.path("book/loop")).unwrap();
    symlink("/dev/zero", workbook.path("book/zeros")).unwrap();
    let server = Server::of(workbook);
    for path in [
        "/secret.txt",
        "/all/secret.txt",
        "/loop/index.html",
        "/zeros",
    ] {
        assert_eq!(server.page(path).status, 404, "{path}");
    }
    assert_eq!(server.page("/index.html").status, 200);
}
