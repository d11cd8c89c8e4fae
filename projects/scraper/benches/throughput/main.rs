//! Crawls one site with three programs, and compares them: `cargo bench -p scraper`.
//!
//! The site and the crawlers are processes of their own, each on one core (Linux, with `taskset`). The programs are
//! `client.py` (asyncio and aiohttp, from `pip install aiohttp`), the same in Rust (tokio and reqwest), and this crate. Each
//! page takes 50 ms, has 8 KB, and links to ten others. Prints a table, and writes the figures that the book shows.

mod client;
mod compare;
mod measure;
mod site;

use std::env;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["site"] => site::serve(),
        [name @ ("reqwest" | "scraper"), site, connections, pages] => {
            client::crawl(name, site.parse()?, connections.parse()?, pages.parse()?)
        }
        // `cargo bench` adds `--bench`.
        _ => compare::compare(),
    }
}
