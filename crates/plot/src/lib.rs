//! Draws the plots of the book: some lines over two axes.
//!
//! A program makes a [`Plot`], and [saves](Plot::save) it. Another program reads what was saved, and draws it: a drawing
//! that a program hands over could contain anything.
//!
//! ```
//! use plot::Plot;
//!
//! let plot = Plot::new("doubling", "Requests in flight")
//!     .x("time in s")
//!     .y("requests")
//!     .line("retries", [(0.0, 1.0), (1.0, 2.0), (2.0, 4.0)]);
//! assert_eq!(
//!     plot.description(),
//!     "Requests by time in s. Retries: 1 at 0, 2 at 1, 4 at 2.",
//! );
//! assert!(plot.to_svg().starts_with("<svg"));
//! ```

mod axis;
mod description;
mod draw;
mod numbers;
mod record;
mod save;

use axis::Scale;

/// How many lines a plot may have: each has a stroke and a marker of its own.
pub const MOST_LINES: usize = 4;

/// Lines over two axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Plot {
    /// The name of the file that shows it, without the extension. The ids inside the drawing begin with it.
    pub name: String,
    /// Its accessible name.
    pub title: String,
    x: Axis,
    y: Axis,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Default)]
struct Axis {
    label: String,
    scale: Scale,
}

#[derive(Debug, Clone, PartialEq)]
struct Line {
    name: String,
    points: Vec<(f64, f64)>,
}

impl Plot {
    /// A plot without lines. Both axes are linear.
    pub fn new(name: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            title: title.into(),
            x: Axis::default(),
            y: Axis::default(),
            lines: Vec::new(),
        }
    }

    /// What the horizontal axis shows, with its unit: `time in s`.
    #[must_use]
    pub fn x(mut self, label: impl Into<String>) -> Self {
        self.x.label = label.into();
        self
    }

    /// What the vertical axis shows, with its unit.
    #[must_use]
    pub fn y(mut self, label: impl Into<String>) -> Self {
        self.y.label = label.into();
        self
    }

    /// Makes the horizontal axis logarithmic.
    #[must_use]
    pub fn log_x(mut self) -> Self {
        self.x.scale = Scale::Logarithmic;
        self
    }

    /// Makes the vertical axis logarithmic.
    #[must_use]
    pub fn log_y(mut self) -> Self {
        self.y.scale = Scale::Logarithmic;
        self
    }

    /// Adds a line through `points`, each `(x, y)`, in this order.
    #[must_use]
    pub fn line(
        mut self,
        name: impl Into<String>,
        points: impl IntoIterator<Item = (f64, f64)>,
    ) -> Self {
        self.lines.push(Line {
            name: name.into(),
            points: points.into_iter().collect(),
        });
        self
    }

    /// What [`to_svg`](Plot::to_svg) draws, in sentences: all points of a short line, and of a longer one the first,
    /// the highest and the last.
    pub fn description(&self) -> String {
        description::of(self)
    }

    /// An SVG for a page. It has no blank line, so that Markdown leaves it unchanged, and it follows mdBook's theme, or
    /// the system's when it is opened as a file. Each line has a stroke and a marker of its own, so that it can be printed
    /// without colors.
    ///
    /// A linear axis includes zero. Points beyond 10¹², or below 10⁻¹² on a logarithmic axis, are left out, and so are lines
    /// beyond [`MOST_LINES`].
    pub fn to_svg(&self) -> String {
        draw::svg(self)
    }

    /// The points of a line that can be drawn.
    fn drawable<'a>(&'a self, line: &'a Line) -> impl Iterator<Item = (f64, f64)> + 'a {
        let points = line.points.iter().copied();
        points.filter(|(x, y)| self.x.scale.has(*x) && self.y.scale.has(*y))
    }
}
