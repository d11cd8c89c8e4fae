//! The drawings of a timeline.

mod axis;
mod data;
mod held;
mod rows;
mod story;
mod svg;
mod text;
mod words;

use self::rows::Rows;
use crate::model::Timeline;

impl Timeline {
    /// An SVG for a page or a file: one row a lane, time from left to right, and a legend of what occurs.
    ///
    /// `id` begins every id in it, so that several fit on one page; `title` is its accessible name, and
    /// [`story`](Timeline::story) its description. It has no blank line, so that Markdown takes it as it
    /// is; it follows mdBook's theme, or the system's when it is opened as a file; and it tells
    /// everything by shape, so that it can be printed.
    ///
    /// What it shows is in it a second time, as JSON in the attribute `data-timeline` of its `metadata`,
    /// for a page that lets its reader look closely. More than 40 lanes, or some thousands of events, are
    /// cut short there, and it says how much was left out.
    pub fn to_svg(&self, id: &str, title: &str) -> String {
        svg::draw(self, id, title)
    }

    /// A chart for a terminal. No line is wider than `columns`; from 40 on it is good to read.
    ///
    /// Of more than 40 lanes it shows 30, the time that these take, and how many more there are.
    pub fn to_text(&self, columns: usize) -> String {
        text::draw(self, &Rows::of(self), columns)
    }

    /// [`to_text`](Timeline::to_text) with no more than `lanes` lanes.
    pub fn to_short_text(&self, lanes: usize, columns: usize) -> String {
        text::draw(self, &Rows::first(self, lanes), columns)
    }

    /// What happened, in order, in sentences: for someone who cannot see the drawing.
    pub fn story(&self) -> String {
        story::tell(self)
    }
}
