//! Structured logs: each event is a line of JSON.

use tracing_subscriber::EnvFilter;

/// Writes the events that `filter` lets through to standard output. The first call counts.
pub fn init(filter: &str) {
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_env_filter(EnvFilter::new(filter))
        .try_init();
}
