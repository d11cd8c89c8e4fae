//! A program that records its own timeline.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs, io, thread};

use crate::model::Timeline;
use crate::record::MOST_EVENTS;
use crate::recorder::Recorder;

/// The environment variable that names the file for the recording.
const FILE: &str = "TIMELINE_FILE";

/// Records the whole program, on every thread, from here on. When the [`Figure`] is dropped and the
/// environment variable `TIMELINE_FILE` names a file, the recording is written to it. [`RecordedFigure`] reads and
/// draws it: a program that starts another one need not trust pictures that the other one has made.
///
/// The ids inside the drawing begin with `name`; `title` is its accessible name.
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
/// file cannot be written.
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
#[must_use = "a figure is recorded until it is dropped: bind it to a name like `_figure`"]
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

    fn write_to(&self, file: &Path) -> io::Result<()> {
        // A name or a title on several lines would be read as another one.
        let line = |text: &str| text.replace(char::is_control, " ");
        let (name, title) = (line(&self.name), line(&self.title));
        let timeline = self.timeline();
        if timeline.order.len() > MOST_EVENTS {
            eprintln!("The figure `{name}` has too many events to be drawn.");
            return Ok(());
        }
        let record = timeline.to_record();
        fs::write(file, format!("{name}\n{title}\n{record}"))
    }
}

impl Drop for Figure {
    fn drop(&mut self) {
        let Some(file) = env::var_os(FILE).map(PathBuf::from) else {
            return;
        };
        if let Err(error) = self.write_to(&file) {
            let sentence = format!(
                "The figure `{}` could not be written to {}: {error}.",
                self.name,
                file.display()
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

/// What a program recorded with [`figure`], as another program reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedFigure {
    /// The name that the program gave it.
    pub name: String,
    /// Its accessible name.
    pub title: String,
    /// The recording.
    pub timeline: Timeline,
}

impl RecordedFigure {
    /// Reads what is in the file, or returns `None` if a [`Figure`] cannot have written it. See
    /// [`Timeline::from_record`].
    pub fn parse(file: &str) -> Option<Self> {
        let (name, rest) = file.split_once('\n')?;
        let (title, record) = rest.split_once('\n')?;
        Some(Self {
            name: name.to_owned(),
            title: title.to_owned(),
            timeline: Timeline::from_record(record)?,
        })
    }

    /// The drawing for a page.
    pub fn to_svg(&self) -> String {
        self.timeline.to_svg(&self.name, &self.title)
    }
}
