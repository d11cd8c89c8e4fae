//! A program that draws itself.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, io, thread};

use crate::model::Timeline;
use crate::recorder::Recorder;

/// How wide the text chart of a figure is, in columns.
const COLUMNS: usize = 80;

/// Records the whole program, on every thread, from here on. When the [`Figure`] is dropped and the
/// environment variable `TIMELINE_DIR` names a directory, what was recorded is written there as
/// `<name>.svg` and `<name>.txt`.
///
/// `name` is also the `id` that the ids inside the SVG begin with; `title` is for people.
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
/// If a figure, or another global tracing subscriber, is there already; on drop, if the files cannot be
/// written.
pub fn figure(name: impl Into<String>, title: impl Into<String>) -> Figure {
    let recorder = Recorder::new();
    if recorder.install_everywhere().is_err() {
        panic!("A program records one figure at most, and has no other global tracing subscriber.");
    }
    Figure {
        recorder,
        name: name.into(),
        title: title.into(),
    }
}

/// The recording of a whole program, begun by [`figure`].
#[must_use = "a figure is drawn when it is dropped: bind it to a name such as `_figure`"]
#[derive(Debug)]
pub struct Figure {
    recorder: Recorder,
    name: String,
    title: String,
}

impl Figure {
    /// Goes by a clock of the program's own from here on: `now` gives the time since its start. For a loop that is
    /// made by hand, which knows nothing of tokio's clock.
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

    /// What was recorded up to now.
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
            // A second panic would end the process before the first one is shown.
            if thread::panicking() {
                eprintln!("{sentence}");
            } else {
                panic!("{sentence}");
            }
        }
    }
}
