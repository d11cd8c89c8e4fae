//! Draws timelines.

mod axis;
mod blocking;
mod data;
mod description;
mod rows;
mod svg;
mod text;
pub(crate) mod words;

use self::rows::Rows;
use crate::model::Timeline;

impl Timeline {
    /// An SVG for a page or a file: one row per lane, time from left to right, and a legend of the symbols that
    /// occur.
    ///
    /// Every id in it begins with `id`, so that several drawings fit on one page. `title` is its accessible
    /// name, and [`description`](Timeline::description) its description. It has no blank line, so that
    /// Markdown leaves it unchanged. It follows mdBook's theme, or the system's when it is opened as a file.
    /// Every symbol has a shape of its own, so that it can be printed without colours.
    ///
    /// The same data is in it as JSON, in the attribute `data-timeline` of its `metadata`, for a page that lets
    /// its reader explore it. More than 40 lanes, or some thousands of events, are cut short there, and it
    /// says how much was left out.
    pub fn to_svg(&self, id: &str, title: &str) -> String {
        svg::draw(self, id, title)
    }

    /// A chart for a terminal. No line is wider than `columns`; it is readable from 40 columns on.
    ///
    /// Of more than 40 lanes it shows the first 30, over the time that these take, and how many more there are.
    pub fn to_text(&self, columns: usize) -> String {
        text::draw(self, &Rows::of(self), columns)
    }

    /// [`to_text`](Timeline::to_text) with at most `lanes` lanes.
    pub fn to_short_text(&self, lanes: usize, columns: usize) -> String {
        text::draw(self, &Rows::first(self, lanes), columns)
    }

    /// What happened, in order, in sentences, for someone who cannot see the drawing.
    pub fn description(&self) -> String {
        description::of(self)
    }
}
