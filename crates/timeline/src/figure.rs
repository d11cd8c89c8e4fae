//! A program that draws its own timeline.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, io, thread};

use crate::model::Timeline;
use crate::recorder::Recorder;

/// How wide the text chart of a figure is, in columns.
const COLUMNS: usize = 80;

/// Records the whole program, on every thread, from here on. When the [`Figure`] is dropped and the
/// environment variable `TIMELINE_DIR` names a directory, the recording is written there as `<name>.svg`
/// and `<name>.txt`.
///
/// The ids inside the SVG begin with `name`; `title` is its accessible name.
///
/// ```
/// #[tokio::main(flavor = "current_thread", start_paused = true)]
/// async fn main() {
///     let _figure = timeline::figure("nothing-yet", "A program that does nothing");
/// }
/// ```
///
/// # Panics
///
/// If there already is a figure, or another global tracing subscriber. When the figure is dropped, if the
/// files cannot be written.
pub fn figure(name: impl Into<String>, title: impl Into<String>) -> Figure {
    let recorder = Recorder::new();
    if recorder.install_everywhere().is_err() {
        panic!(
            "A program can record only one figure, and must not set another global tracing subscriber."
        );
    }
    Figure {
        recorder,
        name: name.into(),
        title: title.into(),
    }
}

/// The recording of a whole program, begun by [`figure`].
#[must_use = "a figure is drawn when it is dropped: bind it to a name like `_figure`"]
#[derive(Debug)]
pub struct Figure {
    recorder: Recorder,
    name: String,
    title: String,
}

impl Figure {
    /// Uses a clock of the program's own from here on: `now` returns the time since its start. Use it with an event
    /// loop that is built by hand and does not use tokio's clock.
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
    /// use std::time::Duration;
    ///
    /// use futures::FutureExt;
    ///
    /// static NOW: AtomicU64 = AtomicU64::new(0);
    ///
    /// #[timeline::lane("nap")]
    /// async fn nap() {
    ///     NOW.store(20, Relaxed);
    /// }
    ///
    /// let figure = timeline::figure("nap", "A nap").by_clock(|| Duration::from_millis(NOW.load(Relaxed)));
    /// nap().now_or_never();
    /// assert_eq!(figure.timeline().end, Duration::from_millis(20));
    /// ```
    pub fn by_clock(self, now: impl Fn() -> Duration + Send + 'static) -> Self {
        self.recorder.by_clock(now);
        self
    }

    /// What was recorded so far.
    pub fn timeline(&self) -> Timeline {
        self.recorder.timeline()
    }

    fn write_to(&self, directory: &Path) -> io::Result<()> {
        let timeline = self.timeline();
        fs::create_dir_all(directory)?;
        let file =
            |extension: &str| -> PathBuf { directory.join(format!("{}.{extension}", self.name)) };
        fs::write(file("svg"), timeline.to_svg(&self.name, &self.title))?;
        fs::write(file("txt"), timeline.to_text(COLUMNS))?;
        Ok(())
    }
}

impl Drop for Figure {
    fn drop(&mut self) {
        let Some(directory) = env::var_os("TIMELINE_DIR").map(PathBuf::from) else {
            return;
        };
        if let Err(error) = self.write_to(&directory) {
            let sentence = format!(
                "The figure `{}` could not be written to {}: {error}.",
                self.name,
                directory.display()
            );
            // A second panic would end the process before the first one is printed.
            if thread::panicking() {
                eprintln!("{sentence}");
            } else {
                panic!("{sentence}");
            }
        }
    }
}
