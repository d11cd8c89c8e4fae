//! How fast the workbook is: `cargo speed`.
//!
//! Every figure is measured in this one run and printed beside something of its own kind, because
//! machines differ and are noisy. Nothing fails when a figure is bad: read them.

mod blocks;
mod page;
mod page_files;
mod rustlings;
mod tool;
mod verdict;
mod workspace;

use std::time::{Duration, Instant};

use anyhow::Result;
use ci::project::here;

fn main() -> Result<()> {
    blocks::measure(&here())?;
    verdict::measure(&here())?;
    tool::measure(&here())
}

fn timed(work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    work()?;
    Ok(start.elapsed())
}

fn ratio(time: Duration, to: Duration) -> f64 {
    time.as_secs_f64() / to.as_secs_f64()
}

fn row(what: &str, time: Duration, ratio: f64) {
    println!("{what:40} {time:>10.2?} {ratio:>6.2}");
}
