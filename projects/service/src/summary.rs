//! A periodic job: writes how many jobs there are to a file.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tokio::fs;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::jobs::Jobs;

/// Writes `summary.json` at once, then once in each `period`, and a last time when `stop` is cancelled.
///
/// # Errors
///
/// If the file cannot be written.
pub async fn summarize(
    jobs: Jobs,
    folder: PathBuf,
    period: Duration,
    stop: CancellationToken,
) -> io::Result<()> {
    let (path, new) = (folder.join("summary.json"), folder.join("summary.new"));
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        let stopped = stop.run_until_cancelled(ticks.tick()).await.is_none();
        let counts = jobs.counts();
        fs::write(&new, serde_json::to_vec(&counts)?).await?;
        fs::rename(&new, &path).await?; // readers see the old file or the new one
        debug!(queued = counts.queued, done = counts.done, "summary");
        if stopped {
            return Ok(());
        }
    }
}
