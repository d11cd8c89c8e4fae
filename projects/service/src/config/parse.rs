//! From text to a value, or to what is wrong with the text.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use tracing_subscriber::EnvFilter;

use super::Secret;

/// Longer times are taken for a mistake, and would overflow a clock at some point.
const LONGEST: Duration = Duration::from_secs(3_600);

const SHORTEST_TOKEN: usize = 16;

pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .map_err(|_| format!("`{text}` is not an address with a port, such as 127.0.0.1:8080"))
}

pub(super) fn folder(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    match path.is_dir() {
        true => Ok(path),
        false => Err(format!("`{text}` is not a folder")),
    }
}

/// The message does not have the text.
pub(super) fn token(text: &str) -> Result<Option<Secret>, String> {
    match text.len() {
        0 => Ok(None),
        SHORTEST_TOKEN.. => Ok(Some(Secret(text.to_owned()))),
        length => Err(format!(
            "has {length} characters, and needs at least {SHORTEST_TOKEN}"
        )),
    }
}

pub(super) fn number(text: &str, most: usize) -> Result<NonZeroUsize, String> {
    let number = text.parse().ok().and_then(NonZeroUsize::new);
    number
        .filter(|number| number.get() <= most)
        .ok_or_else(|| format!("`{text}` is not a number from 1 to {most}"))
}

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => return Err(format!("`{text}` is not a time such as 500ms, 15s or 2m")),
    };
    let number = number.parse::<u64>().ok();
    number
        .and_then(|number| number.checked_mul(milliseconds))
        .map(Duration::from_millis)
        .filter(|duration| *duration <= LONGEST)
        .ok_or_else(|| format!("`{text}` is not a time from 0ms to 60m"))
}

pub(super) fn period(text: &str) -> Result<Duration, String> {
    let period = duration(text)?;
    match period.is_zero() {
        true => Err(format!("`{text}` is not a period: it must not be zero")),
        false => Ok(period),
    }
}

pub(super) fn filter(text: &str) -> Result<String, String> {
    match EnvFilter::try_new(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(format!("`{text}` is not a filter of events: {error}")),
    }
}
