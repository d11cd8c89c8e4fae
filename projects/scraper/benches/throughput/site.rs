//! A site of pages that take 50 ms each. It ends when its standard input does.

use axum::Router;
use axum::extract::Path;
use axum::response::Html;
use axum::routing::get;
use std::fmt::Write as _;
use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::sleep;

const DELAY: Duration = Duration::from_millis(50);
const LINKS: u64 = 10;
const BYTES: usize = 8_000;

/// Prints the URL of the first page, and serves.
#[tokio::main(flavor = "current_thread")]
pub async fn serve() -> anyhow::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("http://{}/pages/0", listener.local_addr()?);
    let stdin = tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink()));
    tokio::select! {
        ended = stdin => ended??,
        served = axum::serve(listener, router()).into_future() => served.map(|()| 0)?,
    };
    Ok(())
}

fn router() -> Router {
    let forbid_nothing = get(async || "User-agent: *\nAllow: /\n");
    Router::new()
        .route("/pages/{number}", get(page))
        .route("/robots.txt", forbid_nothing)
}

async fn page(Path(number): Path<u64>) -> Html<String> {
    sleep(DELAY).await;
    let mut page = format!("<title>{number}</title>");
    for child in (1..=LINKS).map(|n| number * LINKS + n) {
        // Writing to a String does not fail.
        let _ = write!(page, "<a href=\"/pages/{child}\">page {child}</a> ");
    }
    while page.len() < BYTES {
        page.push_str("<p>The quick brown fox jumps over the lazy dog.</p>");
    }
    Html(page)
}
