//! Reads the figure that a program recorded: a timeline of itself, or a plot.

use std::path::Path;

use anyhow::{Context, Result};
use plot::Plot;
use timeline::RecordedFigure;

/// The environment variable that names the file to which `timeline` and `plot` write.
pub(crate) const FILE: &str = "TIMELINE_FILE";

/// The size of the largest recording that is drawn, in bytes. That of a program of the book has a few thousand.
const LARGEST: u64 = 16 << 20;

/// What a program recorded.
#[derive(Debug, Clone, PartialEq)]
pub enum Figure {
    /// What its futures did.
    Timeline(RecordedFigure),
    /// Lines over two axes.
    Plot(Plot),
}

impl Figure {
    /// The name that the program gave it.
    pub fn name(&self) -> &str {
        match self {
            Self::Timeline(figure) => &figure.name,
            Self::Plot(plot) => &plot.name,
        }
    }

    /// The drawing for a page.
    pub fn to_svg(&self) -> String {
        match self {
            Self::Timeline(figure) => figure.to_svg(),
            Self::Plot(plot) => plot.to_svg(),
        }
    }

    /// The figure as text for a terminal. A timeline is at most `columns` wide; a plot is described in sentences.
    pub fn to_text(&self, columns: usize) -> String {
        match self {
            Self::Timeline(figure) => figure.timeline.to_text(columns),
            Self::Plot(plot) => plot.description() + "\n",
        }
    }

    fn parse(file: &str) -> Option<Self> {
        let timeline = RecordedFigure::parse(file).map(Self::Timeline);
        timeline.or_else(|| Plot::from_record(file).map(Self::Plot))
    }
}

/// The figure in this file; none if the program has written none, or something else.
///
/// # Errors
///
/// If the file exists and cannot be read.
pub fn read(file: &Path) -> Result<Option<Figure>> {
    let bytes = sandbox::read_written(file, LARGEST)
        .with_context(|| format!("{} could not be read.", file.display()))?;
    Ok(bytes.and_then(|bytes| Figure::parse(str::from_utf8(&bytes).ok()?)))
}
