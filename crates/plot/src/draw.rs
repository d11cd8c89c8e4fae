//! Draws a plot as an SVG.

use crate::axis::Span;
use crate::numbers::number;
use crate::{Line, MOST_LINES, Plot};
use std::fmt::{self, Display, Write as _};

/// The width of the picture in its own units. It is small, so that text stays readable on a phone.
const WIDTH: f64 = 420.0;
/// The width of a character: a little more than in most monospaced fonts.
const CHAR: f64 = 12.0 * 0.61;
const LINE_HEIGHT: f64 = 16.0;
const TOP: f64 = 24.0;
const HEIGHT: f64 = 190.0;
const STYLE: &str = include_str!("style.css");
/// A line with more points has no markers, which would cover it.
const MOST_MARKERS: usize = 20;
/// The length of a stroke in the legend.
const SAMPLE: f64 = 30.0;

pub(crate) fn svg(plot: &Plot) -> String {
    let points = shown(plot).flat_map(|line| plot.drawable(line));
    let points: Vec<(f64, f64)> = points.collect();
    let x = Span::of(plot.x.scale, points.iter().map(|(x, _)| *x), 8);
    let y = Span::of(plot.y.scale, points.iter().map(|(_, y)| *y), 5);
    let labels = y.ticks.iter().map(|tick| number(*tick).len());
    let area = Area {
        left: labels.max().unwrap_or(0) as f64 * CHAR + 10.0,
        right: WIDTH - 24.0,
        x,
        y,
    };
    let mut elements = String::new();
    area.axes(&mut elements, plot);
    for (index, line) in shown(plot).enumerate() {
        area.line(&mut elements, plot, line, index);
    }
    let bottom = legend(&mut elements, plot, TOP + HEIGHT + 3.2 * LINE_HEIGHT);
    let (id, title) = (identifier(&plot.name), Escaped(&plot.title));
    let (description, height) = (plot.description(), Units(bottom.ceil()));
    let description = Escaped(&description);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" id=\"{id}\" \
         viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-description\">\n\
         <title id=\"{id}-title\">{title}</title>\n\
         <desc id=\"{id}-description\">{description}</desc>\n\
         <style>\n{STYLE}</style>\n\
         {elements}</svg>\n"
    )
}

fn shown(plot: &Plot) -> impl Iterator<Item = &Line> {
    plot.lines.iter().take(MOST_LINES)
}

/// The rectangle between the axes.
struct Area {
    left: f64,
    right: f64,
    x: Span,
    y: Span,
}

impl Area {
    fn place(&self, (x, y): (f64, f64)) -> (f64, f64) {
        let width = self.right - self.left;
        (
            self.left + self.x.position(x) * width,
            TOP + (1.0 - self.y.position(y)) * HEIGHT,
        )
    }

    fn axes(&self, svg: &mut String, plot: &Plot) {
        let bottom = TOP + HEIGHT;
        text(svg, "label", (0.0, 12.0), &plot.y.label);
        let first = (self.x.ticks[0], self.y.ticks[0]);
        for (index, tick) in self.y.ticks.iter().enumerate() {
            let (_, y) = self.place((first.0, *tick));
            let class = if index == 0 { "axis" } else { "grid" };
            stroke(svg, class, (self.left, y), (self.right, y));
            text(svg, "y", (self.left - 6.0, y + 4.0), &number(*tick));
        }
        let mut free_from = f64::NEG_INFINITY;
        for (index, tick) in self.x.ticks.iter().enumerate() {
            let (x, _) = self.place((*tick, first.1));
            let class = if index == 0 { "axis" } else { "grid" };
            stroke(svg, class, (x, TOP), (x, bottom));
            let label = number(*tick);
            let half = label.len() as f64 * CHAR / 2.0;
            if x - half >= free_from {
                text(svg, "x", (x, bottom + LINE_HEIGHT), &label);
                free_from = x + half + CHAR;
            }
        }
        text(
            svg,
            "end",
            (self.right, bottom + 2.0 * LINE_HEIGHT),
            &plot.x.label,
        );
    }

    fn line(&self, svg: &mut String, plot: &Plot, line: &Line, index: usize) {
        let points: Vec<_> = plot.drawable(line).map(|point| self.place(point)).collect();
        let mut path = String::new();
        for (number, (x, y)) in points.iter().enumerate() {
            let command = if number == 0 { 'M' } else { 'L' };
            let _ = write!(path, "{command}{} {}", Units(*x), Units(*y));
        }
        let _ = writeln!(svg, "<path class=\"s{index}\" d=\"{path}\"/>");
        if points.len() <= MOST_MARKERS {
            points.iter().for_each(|point| marker(svg, index, *point));
        }
    }
}

/// Returns its bottom.
fn legend(svg: &mut String, plot: &Plot, mut y: f64) -> f64 {
    for (index, line) in shown(plot).enumerate() {
        let middle = y - 4.0;
        let ends = (Units(middle), Units(SAMPLE));
        let _ = writeln!(
            svg,
            "<path class=\"s{index}\" d=\"M0 {}L{} {}\"/>",
            ends.0, ends.1, ends.0
        );
        if plot.drawable(line).count() <= MOST_MARKERS {
            marker(svg, index, (SAMPLE / 2.0, middle));
        }
        text(svg, "name", (SAMPLE + 8.0, y), &line.name);
        y += LINE_HEIGHT;
    }
    y - LINE_HEIGHT + 6.0
}

/// A circle, a square, a diamond or a triangle.
fn marker(svg: &mut String, index: usize, (x, y): (f64, f64)) {
    let corners: &[(f64, f64)] = match index {
        0 => {
            let (x, y) = (Units(x), Units(y));
            let _ = writeln!(
                svg,
                "<circle class=\"m0\" cx=\"{x}\" cy=\"{y}\" r=\"3.5\"/>"
            );
            return;
        }
        1 => &[(-3.2, -3.2), (3.2, -3.2), (3.2, 3.2), (-3.2, 3.2)],
        2 => &[(0.0, -4.6), (4.6, 0.0), (0.0, 4.6), (-4.6, 0.0)],
        _ => &[(0.0, -4.6), (4.2, 3.4), (-4.2, 3.4)],
    };
    let corners: Vec<String> = corners
        .iter()
        .map(|(dx, dy)| format!("{},{}", Units(x + dx), Units(y + dy)))
        .collect();
    let corners = corners.join(" ");
    let _ = writeln!(svg, "<polygon class=\"m{index}\" points=\"{corners}\"/>");
}

fn stroke(svg: &mut String, class: &str, from: (f64, f64), to: (f64, f64)) {
    let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(Units);
    let _ = writeln!(
        svg,
        "<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"
    );
}

fn text(svg: &mut String, class: &str, (x, y): (f64, f64), text: &str) {
    let (x, y, text) = (Units(x), Units(y), Escaped(text));
    let _ = writeln!(
        svg,
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>"
    );
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
        let tenths = (self.0 * 10.0).round() / 10.0;
        write!(f, "{tenths}")
    }
}

/// Text without characters that have a meaning in XML, in Markdown or for mdBook.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '{' => f.write_str("&#123;")?,
                _ if character.is_control() => f.write_str(" ")?,
                _ => f.write_char(character)?,
            }
        }
        Ok(())
    }
}
