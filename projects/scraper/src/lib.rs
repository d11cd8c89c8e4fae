//! A polite crawler.
//!
//! [`crawl`] visits the pages of some hosts, each once, and sends a [`Record`] for each of them. It is one task that owns all
//! state, [`Frontier`] and all, and starts a short task for each request. So there are no locks, and whatever fails in one
//! request, even by a panic, fails there alone.
//!
//! The parts can be used without it: [`Fetcher`] sends one request with four timeouts and a limit for the body,
//! [`read_body`] is that limit alone, [`RetryPolicy`] decides what is tried again and when, [`Rules`] reads `robots.txt`,
//! and [`links`] finds the links of a page. [`site::Site`] is a website with every fault that a crawler meets, on loopback.
//!
//! ```
//! use scraper::{Options, crawl, site::Site};
//! use tokio::sync::mpsc;
//! use tokio_util::sync::CancellationToken;
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let site = Site::start().await?;
//! let options = Options { max_depth: 1, ..Options::for_loopback() };
//! let (tx, mut rx) = mpsc::channel(16);
//! let crawling = crawl(vec![site.url("/articles/1")], options, CancellationToken::new(), tx);
//! let printing = async {
//!     while let Some(record) = rx.recv().await {
//!         println!("{}", record.url);
//!     }
//! };
//! let (summary, ()) = tokio::join!(crawling, printing);
//! assert_eq!(summary?.pages, 3);
//! # Ok(())
//! # }
//! ```

mod body;
mod crawl;
mod fetch;
mod frontier;
mod html;
mod options;
mod record;
mod retry;
mod robots;
pub mod site;
mod target;

pub use body::{TooLarge, read_body};
pub use crawl::{CrawlError, Summary, crawl};
pub use fetch::{FetchError, Fetched, Fetcher};
pub use frontier::{Frontier, Next, Page};
pub use html::{Html, links};
pub use options::{Extract, Options, Timeouts};
pub use record::{Outcome, Record};
pub use retry::{Retry, RetryPolicy, retry_after};
pub use robots::{Rule, Rules};
pub use target::{MAX_URL, origin, target};
