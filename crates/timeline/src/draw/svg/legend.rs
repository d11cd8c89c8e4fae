//! Explains the symbols of a picture.

use std::collections::BTreeSet;

use super::sheet::{CHAR, Sheet, WIDTH};
use super::symbol::Symbol;
use crate::draw::words;

/// Room for a symbol.
const SHAPE: f64 = 26.0;
const GAP: f64 = 12.0;
const LINE: f64 = 20.0;

/// Collects the symbols as they are drawn.
#[derive(Debug, Default)]
pub(super) struct Legend {
    used: BTreeSet<Symbol>,
}

impl Legend {
    pub(super) fn explain(&mut self, symbol: Symbol) {
        self.used.insert(symbol);
    }

    /// Draws the legend, and returns its bottom.
    pub(super) fn draw(&self, sheet: &mut Sheet, top: f64) -> f64 {
        if self.used.is_empty() {
            return top;
        }
        let mut y = top + LINE / 2.0;
        let mut x = 0.0;
        for symbol in &self.used {
            let text = words::width(symbol.meaning()) as f64 * CHAR;
            if x > 0.0 && x + SHAPE + text > WIDTH {
                x = 0.0;
                y += LINE;
            }
            symbol.draw(sheet, (x + SHAPE / 2.0 - 2.0, y));
            sheet.text("tl-halo", (x + SHAPE, y + 4.0), symbol.meaning());
            x += SHAPE + text + GAP;
        }
        y + LINE / 2.0 + 2.0
    }
}
