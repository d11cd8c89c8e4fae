//! The chart for a terminal.

mod cells;

use std::fmt::Write as _;

use self::cells::{Cell, Cells};
use super::axis::{Axis, tick_labels};
use super::blocking::Blocking;
use super::rows::{Row, Rows};
use super::words;
use crate::model::{End, Mark, Timeline};

/// Fewer cells than this would show nothing.
const LEAST_PLOT: usize = 8;
/// A lane with more marks than this shows the first ones.
const MOST_MARKS: usize = 12;

pub(crate) fn draw(timeline: &Timeline, rows: &Rows<'_>, columns: usize) -> String {
    let layout = Layout::of(rows, columns);
    let blocking = Blocking::in_polls_of(timeline);
    let mut chart = Chart {
        layout,
        lines: Vec::new(),
        used: Vec::new(),
    };
    chart.axis();
    if !timeline.marks.is_empty() {
        let cells = Cells::of_marks(&timeline.marks, layout.axis, layout.plot);
        chart.row("", &cells, "");
        chart.marks(&timeline.marks);
    }
    for row in &rows.shown {
        chart.lane(row, &blocking);
    }
    if let Some(summary) = rows.rest.summary() {
        chart.lines.push(format!("and {summary}"));
    }
    chart.legend();
    chart.finish()
}

/// Names on the left, cells in the middle, endings on the right.
#[derive(Clone, Copy)]
struct Layout {
    axis: Axis,
    columns: usize,
    name: usize,
    plot: usize,
}

impl Layout {
    fn of(rows: &Rows<'_>, columns: usize) -> Self {
        let widest = |texts: &mut dyn Iterator<Item = String>| {
            texts.map(|text| words::width(&text)).max().unwrap_or(0)
        };
        let names = widest(&mut rows.shown.iter().map(name));
        let endings = widest(&mut rows.shown.iter().map(|row| ending(row.lane.end)));
        let name = names.min(columns / 4);
        let plot = columns.saturating_sub(name + endings + 2);
        Self {
            axis: rows.axis,
            columns,
            name,
            plot: plot.max(LEAST_PLOT),
        }
    }
}

struct Chart {
    layout: Layout,
    lines: Vec<String>,
    /// The symbols that the legend has to explain.
    used: Vec<Cell>,
}

impl Chart {
    fn axis(&mut self) {
        let Layout {
            axis,
            columns,
            name,
            plot,
        } = self.layout;
        let widest = words::width(&words::instant(axis.end()));
        let ticks = axis.ticks((plot / (widest + 3)).max(2));
        let mut labels = " ".repeat(name + 1);
        let mut ruler = vec!['─'; plot];
        for (tick, label) in ticks.iter().zip(tick_labels(&ticks)) {
            let cell = cells::index(axis, *tick, plot);
            ruler[cell] = if cell == 0 { '├' } else { '┼' };
            let used = words::width(&labels);
            let column = name + 1 + cell;
            if column >= used && column + words::width(&label) <= columns {
                labels.push_str(&" ".repeat(column - used));
                labels.push_str(&label);
            }
        }
        self.lines.push(labels);
        let ruler: String = ruler.into_iter().collect();
        self.lines.push(" ".repeat(name + 1) + &ruler);
    }

    fn lane(&mut self, row: &Row<'_>, blocking: &Blocking) {
        let Layout { axis, plot, .. } = self.layout;
        let cells = Cells::of_lane(row, blocking, axis, plot);
        self.row(&name(row), &cells, &ending(row.lane.end));
        self.marks(&row.lane.marks);
    }

    fn row(&mut self, name: &str, cells: &Cells, ending: &str) {
        let name = words::padded(name, self.layout.name);
        let plot = cells.text();
        self.lines.push(format!("{name} {plot} {ending}"));
        self.used.extend(cells.used());
    }

    /// Each mark with its instant, below the lane.
    fn marks(&mut self, marks: &[Mark]) {
        if !marks.is_empty() {
            self.used.push(Cell::Mark);
        }
        let indent = self.layout.name + 1;
        let room = self.layout.columns.saturating_sub(indent + 2);
        for mark in marks.iter().take(MOST_MARKS) {
            let text = words::one_line(&mark.text);
            let label = format!("{} {text}", words::instant(mark.at));
            let label: Vec<String> = label.split_whitespace().map(str::to_owned).collect();
            for (index, line) in words::wrapped(&label, " ", room).iter().enumerate() {
                let bullet = if index == 0 { Cell::Mark.glyph() } else { ' ' };
                self.lines
                    .push(format!("{}{bullet} {line}", " ".repeat(indent)));
            }
        }
        if let Some(more) = marks.len().checked_sub(MOST_MARKS).filter(|more| *more > 0) {
            let indent = " ".repeat(indent);
            self.lines
                .push(format!("{indent}… and {} more marks", words::count(more)));
        }
    }

    fn legend(&mut self) {
        let explained: Vec<String> = Cell::ALL
            .iter()
            .filter(|cell| self.used.contains(cell))
            .map(|cell| format!("{} {}", cell.glyph(), cell.meaning()))
            .collect();
        self.lines
            .extend(words::wrapped(&explained, "  ", self.layout.columns));
    }

    fn finish(self) -> String {
        let mut text = String::new();
        for line in self.lines {
            let line = words::fit(line.trim_end(), self.layout.columns);
            // Writing to a String does not fail.
            let _ = writeln!(text, "{}", line.trim_end());
        }
        text
    }
}

fn name(row: &Row<'_>) -> String {
    let indent = "  ".repeat(row.depth.min(3));
    indent + &words::one_line(&row.lane.name)
}

fn ending(end: End) -> String {
    match end {
        End::Finished(at) => words::instant(at),
        End::Dropped(at) => format!("dropped {}", words::instant(at)),
        End::Panicked(at) => format!("panicked {}", words::instant(at)),
        End::Pending => "pending".to_owned(),
    }
}
