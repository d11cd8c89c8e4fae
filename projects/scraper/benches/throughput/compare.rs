//! Runs the crawlers one after the other, and prints what they took.

use crate::measure::Measured;
use anyhow::{Context, ensure};
use plot::Plot;
use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// The connections of a crawl, and its pages: enough for two seconds or more.
const CRAWLS: [(usize, usize); 3] = [(10, 2_000), (100, 10_000), (1_000, 20_000)];
const RUNS: usize = 3;
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/throughput");
const PROGRAMS: [(&str, &str); 3] = [
    ("aiohttp", "asyncio, aiohttp"),
    ("reqwest", "tokio, reqwest"),
    ("scraper", "this crate"),
];

/// Prints the table, and writes the plots beside this file.
pub fn compare() -> anyhow::Result<()> {
    println!(
        "{:>11} {:<18} {:>9} {:>6} {:>8}",
        "connections", "program", "pages/s", "ratio", "memory"
    );
    let mut lines = PROGRAMS.map(|(_, name)| (name, [Vec::new(), Vec::new()]));
    for (connections, pages) in CRAWLS {
        let mut first = None;
        for (index, (program, name)) in PROGRAMS.into_iter().enumerate() {
            let measured = median(program, connections, pages)?;
            let [rates, memory] = &mut lines[index].1;
            rates.push((connections as f64, measured.pages_per_second().round()));
            memory.push((connections as f64, measured.memory.round()));
            let rate = measured.pages_per_second();
            let ratio = rate / *first.get_or_insert(rate);
            println!(
                "{connections:>11} {name:<18} {rate:>9.0} {ratio:>6.2} {:>5.0} MB",
                measured.memory
            );
        }
    }
    let rates = Plot::new("scraper-throughput", "Pages a second by connections")
        .y("pages a second")
        .log_y();
    let memory = Plot::new("scraper-memory", "Memory by connections").y("memory at its peak in MB");
    for (index, plot) in [rates, memory].into_iter().enumerate() {
        let mut plot = plot.x("connections").log_x();
        for (name, points) in &lines {
            plot = plot.line(*name, points[index].clone());
        }
        fs::write(format!("{FOLDER}/{}.plot", plot.name), plot.to_record())?;
    }
    Ok(())
}

/// The run whose speed is in the middle.
fn median(program: &str, connections: usize, pages: usize) -> anyhow::Result<Measured> {
    let runs = (0..RUNS).map(|_| run(program, connections, pages));
    let mut runs = runs.collect::<anyhow::Result<Vec<_>>>()?;
    runs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
    Ok(runs[RUNS / 2])
}

fn run(program: &str, connections: usize, pages: usize) -> anyhow::Result<Measured> {
    let (mut site, start) = start_site()?;
    let mut crawler = match program {
        "aiohttp" => on_core("1", "python3", &format!("{FOLDER}/client.py")),
        _ => on_core("1", env::current_exe()?, program),
    };
    crawler.args([&start, &connections.to_string(), &pages.to_string()]);
    let output = crawler.stderr(Stdio::inherit()).output()?;
    drop(site.stdin.take());
    site.wait()?;
    ensure!(output.status.success(), "{program} failed");
    let measured: Measured = String::from_utf8(output.stdout)?.parse()?;
    let visited = measured.pages;
    ensure!(
        visited == pages,
        "{program} visited {visited} pages of {pages}"
    );
    Ok(measured)
}

/// Returns the URL of its first page, too.
fn start_site() -> anyhow::Result<(Child, String)> {
    let mut site = on_core("0", env::current_exe()?, "site")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("taskset could not be started")?;
    let mut start = String::new();
    let stdout = site.stdout.take().context("it is piped")?;
    BufReader::new(stdout).read_line(&mut start)?;
    Ok((site, start.trim_end().to_owned()))
}

fn on_core(core: &str, program: impl AsRef<OsStr>, argument: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", core]).arg(program).arg(argument);
    command
}
