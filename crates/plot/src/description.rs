//! A plot in sentences.

use crate::numbers::number;
use crate::{Line, Plot};

/// A line with more points is described by three of them.
const MOST_POINTS: usize = 6;

pub(crate) fn of(plot: &Plot) -> String {
    let (x, y) = (&plot.x.label, capitalized(&plot.y.label));
    let lines = plot.lines.iter().map(|line| of_line(plot, line));
    let sentences: Vec<String> = [format!("{y} by {x}.")].into_iter().chain(lines).collect();
    sentences.join(" ")
}

fn of_line(plot: &Plot, line: &Line) -> String {
    let name = capitalized(&line.name);
    let points: Vec<(f64, f64)> = plot.drawable(line).collect();
    let at = |(x, y): &(f64, f64)| format!("{} at {}", number(*y), number(*x));
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return format!("{name}: no points.");
    };
    if points.len() <= MOST_POINTS {
        let points: Vec<String> = points.iter().map(at).collect();
        return format!("{name}: {}.", points.join(", "));
    }
    let higher = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
    // Of several points as high as each other, the first.
    let highest = points.iter().rev().max_by(higher).unwrap_or(first);
    format!(
        "{name}: {}, at most {}, finally {}.",
        at(first),
        at(highest),
        at(last)
    )
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next();
    first
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(characters)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_described_by_its_first_highest_and_last_point() {
        let points = (0..10).map(|x| (f64::from(x), f64::from(x * (8 - x))));
        let plot = Plot::new("n", "t")
            .x("s")
            .y("requests")
            .line("naive", points);
        assert_eq!(
            plot.description(),
            "Requests by s. Naive: 0 at 0, at most 16 at 4, finally -9 at 9."
        );
    }

    #[test]
    fn a_line_without_points_says_so() {
        let plot = Plot::new("n", "t")
            .x("s")
            .y("n")
            .log_y()
            .line("a", [(1.0, 0.0)]);
        assert_eq!(plot.description(), "N by s. A: no points.");
    }
}
