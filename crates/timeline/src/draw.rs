//! The drawings of a timeline.

mod axis;
mod held;
mod rows;
mod story;
mod svg;
mod text;
#[cfg(feature = "trace-event")]
mod trace_event;
mod words;

use crate::model::Timeline;

impl Timeline {
    /// An SVG for a page or a file: one row a lane, time from left to right, and a legend of what occurs.
    ///
    /// `id` begins every id in it, so that several fit on one page; `title` is its accessible name, and
    /// [`story`](Timeline::story) its description. It has no blank line, so that Markdown takes it as it
    /// is; it follows mdBook's theme, or the system's when it is opened as a file; and it tells
    /// everything by shape, so that it can be printed.
    pub fn to_svg(&self, id: &str, title: &str) -> String {
        svg::draw(self, id, title)
    }

    /// A chart for a terminal. No line is wider than `columns`; from 40 on it is good to read.
    pub fn to_text(&self, columns: usize) -> String {
        text::draw(self, columns)
    }

    /// What happened, in order, in sentences: for someone who cannot see the drawing.
    pub fn story(&self) -> String {
        story::tell(self)
    }

    /// Chrome's trace-event format, which <https://ui.perfetto.dev> opens. One thread is one lane.
    #[cfg(feature = "trace-event")]
    pub fn to_trace_event_json(&self) -> String {
        trace_event::write(self)
    }
}
