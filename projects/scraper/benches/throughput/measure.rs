//! What one crawl took.

use anyhow::Context;
use std::fmt::{self, Display};
use std::fs;
use std::str::FromStr;
use std::time::Duration;

/// What one crawl took. As text, the numbers are on one line, as `client.py` prints them, too.
#[derive(Debug, Clone, Copy)]
pub struct Measured {
    pub pages: usize,
    pub seconds: f64,
    /// The memory of the process at its peak, in MB.
    pub memory: f64,
}

impl Measured {
    pub fn of_this_process(pages: usize, elapsed: Duration) -> anyhow::Result<Self> {
        // The operating system counts the memory of a process since its program was loaded.
        let status = fs::read_to_string("/proc/self/status")?;
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.context("VmHWM")?.trim().trim_end_matches(" kB");
        Ok(Self {
            pages,
            seconds: elapsed.as_secs_f64(),
            memory: peak.parse::<f64>()? / 1_000.0,
        })
    }

    pub fn pages_per_second(self) -> f64 {
        self.pages as f64 / self.seconds
    }
}

impl Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.pages, self.seconds, self.memory)
    }
}

impl FromStr for Measured {
    type Err = anyhow::Error;

    fn from_str(line: &str) -> anyhow::Result<Self> {
        let numbers: Vec<&str> = line.split_whitespace().collect();
        let [pages, seconds, memory] = numbers[..] else {
            anyhow::bail!("three numbers were expected, not {line:?}");
        };
        Ok(Self {
            pages: pages.parse()?,
            seconds: seconds.parse()?,
            memory: memory.parse()?,
        })
    }
}
