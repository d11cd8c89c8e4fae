//! The configuration: names and values from the environment and from a file. All mistakes are reported at once.

mod parse;
mod reader;

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use reader::Reader;
use thiserror::Error;

/// What [`run`](crate::run) needs to know. The README has a table of the names and their defaults.
#[derive(Debug, Clone)]
pub struct Config {
    /// The address of the API.
    pub listen: SocketAddr,
    /// The address of the probes.
    pub probes: SocketAddr,
    /// The folder of the journal.
    pub data: PathBuf,
    /// What clients have to send, if anything.
    pub token: Option<Secret>,
    /// How many jobs run at the same time.
    pub workers: NonZeroUsize,
    /// How many jobs may wait. More are refused.
    pub queue: NonZeroUsize,
    /// How long a job takes.
    pub work: Duration,
    /// The period of the summary.
    pub summary: Duration,
    /// How long the start may take.
    pub start: Duration,
    /// How long the service serves after it has become not ready.
    pub unready: Duration,
    /// How long it waits for requests after that.
    pub drain: Duration,
    /// How long the background tasks may take to stop, and so may the journal.
    pub close: Duration,
    /// Which events are logged.
    pub log: String,
}

impl Config {
    /// Reads the environment of this process, and the file that `SERVICE_CONFIG` names.
    ///
    /// # Errors
    ///
    /// All mistakes, if there are any.
    pub fn from_env() -> Result<Self, Mistakes> {
        Self::from_vars(std::env::vars_os())
    }

    /// Reads these variables, and the file that `SERVICE_CONFIG` names. Variables whose names do not begin with `SERVICE_` are
    /// ignored. A variable takes precedence over a line of the file.
    ///
    /// # Errors
    ///
    /// All mistakes, if there are any.
    pub fn from_vars<N, V>(vars: impl IntoIterator<Item = (N, V)>) -> Result<Self, Mistakes>
    where
        N: Into<OsString>,
        V: Into<OsString>,
    {
        let mut reader = Reader::new(vars);
        let listen = reader.read("SERVICE_LISTEN", "127.0.0.1:8080", parse::address);
        let probes = reader.read("SERVICE_PROBES", "127.0.0.1:8081", parse::address);
        let data = reader.required("SERVICE_DATA", parse::folder);
        let token = reader.read("SERVICE_TOKEN", "", parse::token);
        let workers = reader.read("SERVICE_WORKERS", "4", |text| parse::number(text, 1_000));
        let queue = reader.read("SERVICE_QUEUE", "10000", |text| {
            parse::number(text, 1_000_000)
        });
        let work = reader.read("SERVICE_WORK", "50ms", parse::duration);
        let summary = reader.read("SERVICE_SUMMARY", "10s", parse::period);
        let start = reader.read("SERVICE_START", "30s", parse::duration);
        let unready = reader.read("SERVICE_UNREADY", "5s", parse::duration);
        let drain = reader.read("SERVICE_DRAIN", "15s", parse::duration);
        let close = reader.read("SERVICE_CLOSE", "2s", parse::duration);
        let grace = reader.read("SERVICE_GRACE", "30s", parse::duration);
        let log = reader.read("SERVICE_LOG", "info", parse::filter);
        if let (Some(unready), Some(drain), Some(close), Some(grace)) =
            (unready, drain, close, grace)
        {
            // Background tasks and the journal are closed one after the other.
            let stop = unready + drain + 2 * close;
            if stop >= grace {
                reader.mistake(format!(
                    "SERVICE_GRACE: {grace:?} is too short for UNREADY + DRAIN + 2 * CLOSE, which are {stop:?}"
                ));
            }
        }
        let config = move || {
            Some(Self {
                listen: listen?,
                probes: probes?,
                data: data?,
                token: token?,
                workers: workers?,
                queue: queue?,
                work: work?,
                summary: summary?,
                start: start?,
                unready: unready?,
                drain: drain?,
                close: close?,
                log: log?,
            })
        };
        reader.finish(config())
    }
}

/// A value that is not printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Whether `text` is the value. Takes as long for a value that begins the same way as for any other one.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let (own, other) = (self.0.as_bytes(), text.as_bytes());
        let differing = own.iter().zip(other).fold(0, |bits, (a, b)| bits | (a ^ b));
        own.len() == other.len() && differing == 0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// Everything that is wrong with a configuration, in the order of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct Mistakes(Vec<String>);

impl Mistakes {
    /// A sentence for each mistake.
    #[must_use]
    pub fn messages(&self) -> &[String] {
        &self.0
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.len();
        let noun = if count == 1 { "mistake" } else { "mistakes" };
        write!(f, "The configuration has {count} {noun}:")?;
        for message in &self.0 {
            write!(f, "\n  {message}")?;
        }
        Ok(())
    }
}
