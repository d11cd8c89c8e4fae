//! A plot as text, for a program that did not make it and draws it.
//!
//! ```text
//! scraper-throughput             the name, and then the title
//! Pages a second
//! plot
//! x log connections              a scale and a label
//! y log pages a second
//! line aiohttp                   its points follow
//! 10 187
//! 100 1752
//! ```

use crate::axis::Scale;
use crate::{Axis, Line, MOST_LINES, Plot};
use std::fmt::Write as _;

/// The third line: what it is a record of.
const HEADER: &str = "plot";
const MOST_POINTS: usize = 10_000;

impl Plot {
    /// The plot as text, from which [`from_record`](Plot::from_record) makes the same plot again.
    pub fn to_record(&self) -> String {
        let mut record = format!("{}\n{}\n{HEADER}\n", line(&self.name), line(&self.title));
        for (axis, name) in [(&self.x, "x"), (&self.y, "y")] {
            let scale = match axis.scale {
                Scale::Linear => "linear",
                Scale::Logarithmic => "log",
            };
            let _ = writeln!(record, "{name} {scale} {}", line(&axis.label));
        }
        for Line { name, points } in &self.lines {
            let _ = writeln!(record, "line {}", line(name));
            for (x, y) in points {
                let _ = writeln!(record, "{x} {y}");
            }
        }
        record
    }

    /// The plot that [`to_record`](Plot::to_record) wrote, or `None` if it cannot have written this text, or the plot has
    /// more than [`MOST_LINES`] lines or 10,000 points. Whatever the text is, the plot can be drawn.
    pub fn from_record(record: &str) -> Option<Self> {
        let mut lines = record.lines();
        let mut plot = Self::new(lines.next()?, lines.next()?);
        if lines.next()? != HEADER {
            return None;
        }
        plot.x = axis(lines.next()?, "x ")?;
        plot.y = axis(lines.next()?, "y ")?;
        let mut count = 0;
        for text in lines {
            if let Some(name) = text.strip_prefix("line ") {
                plot = plot.line(name, []);
                continue;
            }
            let (x, y) = text.split_once(' ')?;
            let point = (x.parse().ok()?, y.parse().ok()?);
            plot.lines.last_mut()?.points.push(point);
            count += 1;
        }
        (plot.lines.len() <= MOST_LINES && count <= MOST_POINTS).then_some(plot)
    }
}

fn axis(text: &str, name: &str) -> Option<Axis> {
    let (scale, label) = text.strip_prefix(name)?.split_once(' ')?;
    let scale = match scale {
        "linear" => Scale::Linear,
        "log" => Scale::Logarithmic,
        _ => return None,
    };
    Some(Axis {
        label: label.to_owned(),
        scale,
    })
}

/// Text on several lines would be read as more than one.
fn line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot() -> Plot {
        Plot::new("name", "A title")
            .x("connections")
            .y("pages a second")
            .log_x()
            .line("one", [(10.0, 187.5), (100.0, 1e-9)])
            .line("two", [])
    }

    #[test]
    fn a_plot_survives_its_record() {
        assert_eq!(Plot::from_record(&plot().to_record()), Some(plot()));
    }

    #[test]
    fn names_on_several_lines_become_one() {
        let plot = Plot::new("a\nb", "c\rd").x("e\nf").y("").line("g\nh", []);
        let read = Plot::from_record(&plot.to_record()).expect("a plot");
        assert_eq!((&*read.name, &*read.title), ("a b", "c d"));
        assert_eq!((&*read.x.label, &*read.lines[0].name), ("e f", "g h"));
    }

    #[test]
    fn other_text_is_no_plot() {
        let good = plot().to_record();
        let many_lines = format!("{good}{}", "line x\n".repeat(MOST_LINES));
        let many_points = format!("{good}{}", "1 1\n".repeat(MOST_POINTS + 1));
        let bad = [
            "",
            "name\ntitle\ntimeline 100\n",
            &good.replace("x log", "x cubic"),
            &good.replace("y linear", "z linear"),
            &good.replace("10 187.5", "10"),
            &good.replace("10 187.5", "ten 187.5"),
            "a\nb\nplot\nx log a\ny log b\n1 1\n",
            &many_lines,
            &many_points,
        ];
        for text in bad {
            assert_eq!(Plot::from_record(text), None, "{text}");
        }
    }
}
