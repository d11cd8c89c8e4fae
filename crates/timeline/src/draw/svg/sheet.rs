//! The elements of an SVG, one per line.

use std::fmt::{self, Display, Write as _};

/// The width of the picture in its own units. It is small, so that text stays readable on a phone.
pub(super) const WIDTH: f64 = 420.0;
/// The width of a column of text. In most monospaced fonts a character is 0.6 of its height wide; this leaves
/// room for wider ones.
pub(super) const CHAR: f64 = 12.0 * 0.61;
/// The same for names, which are larger.
pub(super) const NAME_CHAR: f64 = 13.0 * 0.61;
pub(super) const LINE_HEIGHT: f64 = 15.0;

const STYLE: &str = include_str!("style.css");

pub(super) type Point = (f64, f64);

#[derive(Debug, Default)]
pub(super) struct Sheet {
    elements: String,
}

impl Sheet {
    fn add(&mut self, element: fmt::Arguments<'_>) {
        // Writing to a String does not fail.
        let _ = writeln!(self.elements, "{element}");
    }

    pub(super) fn append(&mut self, other: Self) {
        self.elements.push_str(&other.elements);
    }

    /// Text whose baseline begins (or, for some classes, has its middle) at a point.
    pub(super) fn text(&mut self, class: &str, (x, y): Point, text: &str) {
        let (x, y, text) = (Units(x), Units(y), Escaped(text));
        self.add(format_args!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>"
        ));
    }

    /// Text with a tooltip.
    pub(super) fn text_with_title(&mut self, class: &str, (x, y): Point, text: &str, title: &str) {
        let (x, y, text, title) = (Units(x), Units(y), Escaped(text), Escaped(title));
        self.add(format_args!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\"><title>{title}</title>{text}</text>"
        ));
    }

    pub(super) fn line(&mut self, class: &str, (x1, y1): Point, (x2, y2): Point) {
        let (x1, y1, x2, y2) = (Units(x1), Units(y1), Units(x2), Units(y2));
        self.add(format_args!(
            "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"
        ));
    }

    pub(super) fn rect(&mut self, class: &str, (x, y): Point, width: f64, height: f64) {
        let (x, y, width, height) = (Units(x), Units(y), Units(width), Units(height));
        self.add(format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"1.5\"/>"
        ));
    }

    pub(super) fn circle(&mut self, class: &str, (x, y): Point, radius: f64) {
        let (x, y, radius) = (Units(x), Units(y), Units(radius));
        self.add(format_args!(
            "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>"
        ));
    }

    /// Separate strokes through points. A closed stroke ends where it began.
    pub(super) fn strokes(&mut self, class: &str, strokes: &[&[Point]]) {
        let mut path = String::new();
        for stroke in strokes {
            for (index, (x, y)) in stroke.iter().enumerate() {
                let command = if index == 0 { 'M' } else { 'L' };
                let _ = write!(path, "{command}{} {}", Units(*x), Units(*y));
            }
        }
        self.add(format_args!("<path class=\"{class}\" d=\"{path}\"/>"));
    }

    /// What `draw` draws, with a tooltip.
    pub(super) fn titled(&mut self, title: &str, draw: impl FnOnce(&mut Self)) {
        let title = Escaped(title);
        self.add(format_args!("<g><title>{title}</title>"));
        draw(self);
        self.add(format_args!("</g>"));
    }

    /// The whole picture, `height` units high. `data` goes into an attribute in single quotes, so that a book's
    /// search does not index it.
    pub(super) fn into_svg(
        self,
        id: &str,
        title: &str,
        description: &str,
        data: &str,
        height: f64,
    ) -> String {
        let id = identifier(id);
        let (title, description) = (Escaped(title), Escaped(description));
        let (width, height) = (Units(WIDTH), Units(height.ceil()));
        let elements = self.elements;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"timeline\" id=\"{id}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-description\">\n\
             <title id=\"{id}-title\">{title}</title>\n\
             <desc id=\"{id}-description\">{description}</desc>\n\
             <metadata data-timeline='{data}'/>\n\
             <style>\n{STYLE}</style>\n\
             {elements}</svg>\n"
        )
    }
}

/// `text` as an id that a selector and a link can name.
fn identifier(text: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    text.chars()
        .map(|c| if allowed(c) { c } else { '-' })
        .collect()
}

/// A number with at most one decimal; more would not be visible.
struct Units(f64);

impl Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round() as i64;
        let sign = if tenths < 0 { "-" } else { "" };
        let (whole, tenth) = (tenths.abs() / 10, tenths.abs() % 10);
        match tenth {
            0 => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{tenth}"),
        }
    }
}

/// Text without characters that have a meaning in XML, in Markdown or for mdBook.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in crate::draw::words::one_line(self.0).chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '{' => f.write_str("&#123;")?,
                _ => f.write_char(character)?,
            }
        }
        Ok(())
    }
}
