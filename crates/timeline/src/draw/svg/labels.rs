//! Where the texts below a lane go, so that none touches another.

use super::sheet::CHAR;
use crate::draw::words;

/// Lines of text that belong to one place on a lane.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Block {
    /// Where on the lane.
    pub(super) x: f64,
    pub(super) lines: Vec<String>,
    /// Whether it begins with a diamond, as a mark does.
    pub(super) bullet: bool,
}

/// A block with its position.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Placed {
    pub(super) block: Block,
    /// The first of its lines, counted from the lane down.
    pub(super) row: usize,
    pub(super) from: f64,
    pub(super) to: f64,
}

/// More lines than this below a lane are easier to read as a list.
const MOST_ROWS: usize = 4;
const GAP: f64 = 14.0;

impl Block {
    /// The width of the lines, with the diamond in front.
    pub(super) fn width(&self) -> f64 {
        let columns = self.lines.iter().map(|line| words::width(line)).max();
        columns.unwrap_or(0) as f64 * CHAR + 11.0
    }
}

impl Placed {
    fn bottom(&self) -> usize {
        self.row + self.block.lines.len()
    }

    fn touches(&self, other: &Self) -> bool {
        let rows = self.row < other.bottom() && other.row < self.bottom();
        let columns = self.from < other.to + GAP && other.from < self.to + GAP;
        rows && columns
    }

    /// Whether the line that leads from the lane to this block goes through `other`.
    fn leads_through(&self, other: &Self) -> bool {
        let x = self.block.x;
        other.row < self.row && other.from - GAP / 4.0 < x && x < other.to + GAP / 4.0
    }
}

/// Places every block between `left` and `right`, next to the point that it belongs to and as close to the lane
/// as possible. Returns `None` if that takes too many lines.
pub(super) fn place(mut blocks: Vec<Block>, left: f64, right: f64) -> Option<Vec<Placed>> {
    // From right to left: then the lines that lead down to the blocks further left cross no other block.
    blocks.sort_by(|a, b| b.x.total_cmp(&a.x));
    let mut placed: Vec<Placed> = Vec::new();
    for block in blocks {
        let width = block.width();
        let rows = 0..(MOST_ROWS + 1).saturating_sub(block.lines.len());
        let spans = [
            (block.x - 4.0, block.x - 4.0 + width),
            (block.x + 4.0 - width, block.x + 4.0),
        ];
        let candidates = rows.flat_map(|row| spans.map(|(from, to)| (row, from, to)));
        let free = candidates
            .filter(|(_, from, to)| *from >= left && *to <= right)
            .map(|(row, from, to)| Placed {
                block: block.clone(),
                row,
                from,
                to,
            })
            .find(|candidate| {
                !placed.iter().any(|other| {
                    candidate.touches(other)
                        || candidate.leads_through(other)
                        || other.leads_through(candidate)
                })
            })?;
        placed.push(free);
    }
    Some(placed)
}
